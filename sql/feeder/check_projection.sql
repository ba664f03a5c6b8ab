-- What of the projection is not what the log says, a finding in each row.  A match whose
-- messages were all pruned keeps its last state.
WITH wrong(match_id) AS (
    SELECT match_id
    FROM (SELECT * FROM main.matches EXCEPT SELECT * FROM live.matches)
    UNION
    SELECT match_id
    FROM live.matches
    WHERE match_id NOT IN (SELECT match_id FROM main.matches)
          AND message_id > coalesce((SELECT value FROM live.meta
                                     WHERE key = 'pruned' AND typeof(value) = 'integer'),
                                    (SELECT min(id) - 1 FROM live.match_events),
                                    message_id))
SELECT format('the state of %d match%s is not what the log says, such as %s: --repair rebuilds it', count(*),
              iif(count(*) = 1, '', 'es'), min(match_id))
FROM wrong
HAVING count(*) > 0
UNION ALL
SELECT 'how far the log was pruned is not known: --repair takes all ids below its first for pruned'
WHERE NOT EXISTS (SELECT 1 FROM live.meta WHERE key = 'pruned' AND typeof(value) = 'integer');
