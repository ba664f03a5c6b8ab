-- The cursor at the end of the log.
SELECT max(pruned, ifnull((SELECT max(id) FROM match_events), 0))
FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned);
