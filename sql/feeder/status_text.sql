-- The object from status.sql, ?1, as text: a name and a text for each line.  ?2 is how long,
-- in ms, a poller may be silent; ?3 and ?4 are ?7 and ?8 of status.sql.
WITH
s AS (SELECT ?1 AS o),
size(name, text) AS (
    SELECT key, CASE WHEN value < 1000000 THEN format('%.1f kB', value / 1e3)
                     WHEN value < 1000000000 THEN format('%.1f MB', value / 1e6)
                     ELSE format('%.2f GB', value / 1e9) END
    FROM json_each(?1) WHERE key IN ('bytes', 'free_bytes', 'wal_bytes'))
SELECT 'database', format('%s: schema %d, %s, of which %s free, and %s of -wal', o ->> '$.database',
                          o ->> '$.schema', (SELECT text FROM size WHERE name = 'bytes'),
                          (SELECT text FROM size WHERE name = 'free_bytes'),
                          (SELECT text FROM size WHERE name = 'wal_bytes'))
FROM s
UNION ALL
SELECT 'log', iif(o ->> '$.rows' = 0, 'empty',
                  format('%,d row%s, ids %d to %d, the newest of %s', o ->> '$.rows',
                         iif(o ->> '$.rows' = 1, '', 's'), o ->> '$.first_id', o ->> '$.last_id',
                         o ->> '$.newest'))
              || iif(o ->> '$.pruned' > 0, format('; pruned up to id %d', o ->> '$.pruned'), '')
FROM s
UNION ALL
SELECT 'types', group_concat(key || format(' %,d', value), ', ')
FROM (SELECT key, value FROM json_each(?1, '$.types') ORDER BY value DESC, key)
HAVING count(*) > 0
UNION ALL
SELECT 'matches', format('%,d: %,d live, %,d upcoming, %,d finished, %,d off', o ->> '$.matches.all',
                         o ->> '$.matches.live', o ->> '$.matches.upcoming',
                         o ->> '$.matches.finished', o ->> '$.matches.off')
FROM s
UNION ALL
SELECT 'replica', iif(o ->> '$.replica_lag_ms' > 1e12, 'it has not come up to its origin yet',
                      format('%.1f s behind its origin, at most', (o ->> '$.replica_lag_ms') / 1e3))
FROM s
WHERE o ->> '$.replica_lag_ms' IS NOT NULL
UNION ALL
SELECT 'poller',
       CASE WHEN o ->> '$.poller' IS NULL THEN 'none: no client is connected'
            WHEN ifnull(o ->> '$.poller_silent_ms' <= ?2, false)
            THEN format('process %d, alive %d ms ago', o ->> '$.poller', o ->> '$.poller_silent_ms')
            ELSE format('process %d, which gives no sign of life%s: is it stopped?', o ->> '$.poller',
                        ifnull(format(' for %.1f s', (o ->> '$.poller_silent_ms') / 1e3), '')) END
FROM s
UNION ALL
SELECT 'ring', CASE o ->> '$.ring'
                   WHEN 'ok' THEN format('up to id %d', o ->> '$.ring_last_id')
                   WHEN 'none' THEN 'none yet: the first connection makes it'
                   WHEN 'stale' THEN 'of another database: the next poller replaces it'
                   WHEN 'other' THEN 'none: the next poller makes one'
                   ELSE 'this user may not read it' END
FROM s
UNION ALL
SELECT 'connections', iif(?4 = 0, format('%,d', ?3),
                          format('%,d, and those of %,d processes that only root can look into', ?3, ?4));
