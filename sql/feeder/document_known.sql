-- How many matches has the document with the digest ?1, if all of it is in already?  No row: it
-- is not known, or another document has told something else since.
SELECT matches
FROM documents
WHERE digest = ?1 AND head = ifnull((SELECT max(message_id) FROM sources), 0);
