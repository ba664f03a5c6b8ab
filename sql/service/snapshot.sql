-- The snapshot: the latest message of each match, as rows of the log after id ?1 and up to
-- id ?2.
SELECT message_id, 'message', message, match_id, updated_at
FROM matches
WHERE message_id > ?1 AND message_id <= ?2
ORDER BY message_id;
