-- Records that the match ?1 comes from the part with the digest ?2.
INSERT OR REPLACE INTO parts(match_id, digest) VALUES (?1, ?2);
