-- The cursor at the end of the log, and the row that it names, if it is still there.
SELECT head, match_id, type, data
FROM (SELECT max(pruned, ifnull((SELECT max(id) FROM match_events), 0)) AS head
      FROM (SELECT ifnull((SELECT value FROM meta WHERE key = 'pruned'), 0) AS pruned))
LEFT JOIN match_events ON id = head;
