-- The log after a cursor: ?1 is the last id that the client has.
SELECT id, type, data, match_id, created_at
FROM match_events
WHERE id > ?1
ORDER BY id;
