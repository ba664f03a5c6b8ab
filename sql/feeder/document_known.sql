-- How many matches has the document with the digest ?1, if it has been loaded completely?  No row: it
-- is unknown, or another document has changed something since.
SELECT matches
FROM documents
WHERE digest = ?1 AND head = ifnull((SELECT max(message_id) FROM sources), 0);
