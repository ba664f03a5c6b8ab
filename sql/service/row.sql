-- The row ?1 of the log, or the last one before it.
SELECT id, type, data, match_id, created_at
FROM match_events
WHERE id <= ?1
ORDER BY id DESC
LIMIT 1;
