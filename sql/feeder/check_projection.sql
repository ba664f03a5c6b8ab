-- Where the projection differs from the log, one finding per row.  A match whose messages were all
-- pruned keeps its last state.  Also whether the next ids are above all earlier ones and leave
-- enough ids.
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
                                    message_id)),
ids(newest, given, pruned) AS (
    SELECT ifnull((SELECT max(id) FROM live.match_events), 0),
           ifnull((SELECT seq FROM live.sqlite_sequence WHERE name = 'match_events'), 0),
           ifnull((SELECT value FROM live.meta WHERE key = 'pruned' AND typeof(value) = 'integer'), 0))
SELECT format('the state of %d match%s differs from the log, such as %s: --repair rebuilds it', count(*),
              iif(count(*) = 1, '', 'es'), min(match_id))
FROM wrong
HAVING count(*) > 0
UNION ALL
SELECT 'how far the log was pruned is unknown: --repair counts all ids before the first row as pruned'
WHERE NOT EXISTS (SELECT 1 FROM live.meta WHERE key = 'pruned' AND typeof(value) = 'integer')
UNION ALL
SELECT format('the next id would be %d, but ids up to %d have been used%s: --repair continues after them',
              max(newest, given) + 1, pruned,
              iif(newest = 0, '', format(', so clients miss the rows inserted since, up to %d: insert these again', newest)))
FROM ids
WHERE pruned <= 4503599627370496 AND max(newest, given) < pruned
UNION ALL
SELECT format('too few ids are left after %d: --repair continues after the newest row',
              max(given, pruned))
FROM ids
WHERE max(given, pruned) > 4503599627370496 AND newest <= 4503599627370496;
