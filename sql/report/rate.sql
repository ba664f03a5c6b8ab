-- Rows, messages and matches per minute, for the last 60 minutes that have rows.
--
--     sqlite3 -box DB < sql/report/rate.sql
SELECT strftime('%Y-%m-%d %H:%M', created_at) AS minute, count(*) AS rows,
       sum(type = 'message') AS messages, sum(type <> 'message') AS events,
       count(DISTINCT match_id) AS matches
FROM match_events
GROUP BY minute
ORDER BY minute DESC
LIMIT 60;
