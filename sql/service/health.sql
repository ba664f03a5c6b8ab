-- /healthz: the ends of the log, as in state.sql, and, in a replica (written by feeder replicate), how many ms ago
-- it was last known to have all rows of its origin.
--
--   @version    of the program
--   :max_lag    a replica that is further behind, in seconds, is late
--
-- The answer, the newest id, the status, and the ms; NULL: this is not a replica.
WITH state AS (
    SELECT pruned, max(pruned, ifnull((SELECT max(id) FROM match_events), 0)) AS last_id,
           (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - abs(value)
            FROM meta WHERE key = 'replica') AS lag,
           :max_lag IS NULL OR (:max_lag NOT GLOB '*[^0-9]*' AND :max_lag + 0 BETWEEN 1 AND 86400) AS valid
    FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned)
), health AS (
    SELECT *, ifnull(lag > :max_lag * 1000, 0) AS late FROM state
)
SELECT iif(valid, printf('{"status":"%s","version":"%s","pruned":%d,"last_id":%d%s}', iif(late, 'late', 'ok'), @version,
                         pruned, last_id, ifnull(',"lag_ms":' || lag, '')), NULL),
       iif(valid, last_id, 'max-lag is a number of seconds from 1 to 86400'), iif(late, 503, 200), lag
FROM health;
