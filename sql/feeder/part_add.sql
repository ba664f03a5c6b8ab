-- Keeps the part of ?1, with the text ?2 and the digest ?3; ?4: a match of it, if it is known.
INSERT INTO part(who, text, digest, match_id) VALUES (?1, ?2, ?3, ?4);
