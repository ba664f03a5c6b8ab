-- The output of feeder status, as one JSON object.
--
-- ?1 the database's path, ?2 the size of its -wal in bytes, ?3 the state of the ring, ?4 the
-- poller's process (0: none), ?5 how many ms ago it was last alive (-1: it has left), ?6 the
-- newest row in the ring, ?7 the connections, ?8 the service's processes that could not be
-- inspected: then ?7 is incomplete.
WITH
log AS MATERIALIZED (
    SELECT (SELECT count(*) FROM match_events) AS rows,
           (SELECT min(id) FROM match_events) AS first_id,
           (SELECT max(id) FROM match_events) AS last_id,
           (SELECT value FROM meta WHERE key = 'pruned') AS pruned),
events AS MATERIALIZED (
    SELECT type, count(*) AS n FROM match_events WHERE type <> 'message' GROUP BY type),
types AS (
    SELECT 'message' AS type, rows - (SELECT total(n) FROM events) AS n FROM log
    UNION ALL
    SELECT type, n FROM (SELECT type, n FROM events ORDER BY n DESC, type)),
states AS MATERIALIZED (
    SELECT count(*) AS n, sum(state = 'live') AS live, sum(state = 'upcoming') AS upcoming,
           sum(state = 'finished') AS finished, sum(state = 'off') AS off
    FROM match_states)
SELECT json_object(
    'database', ?1,
    'schema', (SELECT user_version FROM pragma_user_version),
    'bytes', page_count * page_size,
    'free_bytes', freelist_count * page_size,
    'wal_bytes', ?2,
    'rows', rows, 'first_id', first_id, 'last_id', last_id, 'pruned', pruned,
    'newest', (SELECT created_at FROM match_events WHERE id = last_id),
    'types', (SELECT json_group_object(type, CAST(n AS INTEGER)) FROM types WHERE n > 0),
    'matches', json_object('all', n, 'live', ifnull(live, 0), 'upcoming', ifnull(upcoming, 0),
                           'finished', ifnull(finished, 0), 'off', ifnull(off, 0)),
    'replica_lag_ms', (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - abs(value)
                       FROM meta WHERE key = 'replica'),
    'poller', nullif(?4, 0),
    'poller_silent_ms', iif(?4 = 0, NULL, nullif(?5, -1)),
    'ring', ?3,
    'ring_last_id', iif(?3 = 'ok', ?6, NULL),
    'connections', iif(?8 > 0, NULL, ?7))
FROM log, states, pragma_page_count, pragma_page_size, pragma_freelist_count;
