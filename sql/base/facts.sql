-- What the database says for the metrics, as a JSON object; metrics.sql has their names.
WITH states AS MATERIALIZED (SELECT state, count(*) AS n FROM match_states GROUP BY state)
SELECT json_object(
    'log_last_id', max(pruned, ifnull((SELECT max(id) FROM match_events), 0)),
    'log_rows', (SELECT count(*) FROM match_events),
    'database_bytes', page_count * page_size,
    'matches{state="upcoming"}', ifnull((SELECT n FROM states WHERE state = 'upcoming'), 0),
    'matches{state="live"}', ifnull((SELECT n FROM states WHERE state = 'live'), 0),
    'matches{state="finished"}', ifnull((SELECT n FROM states WHERE state = 'finished'), 0),
    'matches{state="off"}', ifnull((SELECT n FROM states WHERE state = 'off'), 0),
    'replica_lag_seconds', (SELECT max(0, julianday('now') - 2440587.5 - abs(value) / 86400000.0) * 86400
                            FROM meta WHERE key = 'replica'))
FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned),
     pragma_page_count, pragma_page_size;
