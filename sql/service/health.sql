-- The ends of the log, as in state.sql, and how many ms ago a replica (written by feeder replicate) was
-- last known to have all rows of its origin; NULL: this is not a replica.
SELECT pruned, max(pruned, ifnull((SELECT max(id) FROM match_events), 0)),
       (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - abs(value)
        FROM meta WHERE key = 'replica')
FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned);
