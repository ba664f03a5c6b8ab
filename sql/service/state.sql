-- Which cursors can this log continue from?  Those from the highest id that was
-- deleted (0: none ever was) up to the newest id.
SELECT pruned, max(pruned, ifnull((SELECT max(id) FROM match_events), 0))
FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned);
