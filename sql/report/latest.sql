-- The newest rows of the log, newest first, each with the start of its data.
--
--     sqlite3 -box DB < sql/report/latest.sql
SELECT id, created_at, match_id, type, substr(data, 1, 60) AS data
FROM match_events
ORDER BY id DESC
LIMIT 20;
