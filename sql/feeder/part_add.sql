-- Stores the part of ?1, with the text ?2 and the digest ?3; ?4: one of its matches, if the part is known.
INSERT INTO part(who, text, digest, match_id) VALUES (?1, ?2, ?3, ?4);
