-- Which cursors can this log continue from?  Those from the highest deleted id (0: none
-- was deleted) up to the newest id.
SELECT pruned, max(pruned, ifnull((SELECT max(id) FROM match_events), 0))
FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned);
