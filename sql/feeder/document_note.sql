-- Records that the document with the digest ?1, of ?2 matches, has been loaded.
INSERT OR REPLACE INTO documents(digest, matches, head)
VALUES (?1, ?2, ifnull((SELECT max(message_id) FROM sources), 0));
