-- The ends of the log, as state.sql has them, and of a replica (feeder replicate writes it) how many ms
-- ago it was last known to have all rows of its origin; NULL: this is no replica.
SELECT pruned, max(pruned, ifnull((SELECT max(id) FROM match_events), 0)),
       (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - abs(value)
        FROM meta WHERE key = 'replica')
FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned);
