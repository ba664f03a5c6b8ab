-- Notes that the part with the digest ?2 has told of the match ?1.
INSERT OR REPLACE INTO parts(match_id, digest) VALUES (?1, ?2);
