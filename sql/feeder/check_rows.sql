-- Which rows would the schema refuse today (see check_rules.sql), or have a time that can't be
-- right, because of an older schema or a wrong clock?  One finding for each kind.  (A wrong time
-- does no harm: the remedy deletes no row, since that would send a reset to clients.)
WITH
looked_at(id, problem) AS (
    SELECT id,
           CASE WHEN id > 4503599627370496
                THEN 'with an id that leaves too few for the rows to come'
                WHEN rule LIKE 'created_at %'
                     OR (rule IS NULL AND created_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day'))
                THEN 'with a time that can''t be right'
                WHEN rule IS NOT NULL THEN format('against the rule "%s"', rule) END
    FROM broken)
SELECT format('%d row%s %s, the first is row %d: ', count(*), iif(count(*) = 1, '', 's'), problem, min(id))
       || CASE WHEN problem LIKE 'with a time%'
               THEN '''prune --older-than'' deletes it with a later row; ''--keep-last'' ignores times'
               WHEN problem LIKE 'with an id%'
               THEN '''DELETE FROM match_events WHERE id > 4503599627370496'' in sqlite3 deletes them; run '
                    || '''feeder check --repair'' after it'
               ELSE format('''DELETE FROM match_events WHERE id = %d'' in sqlite3 deletes it, '
                           || 'and sends a reset to clients that have not read past it', min(id)) END
FROM looked_at
WHERE problem IS NOT NULL
GROUP BY problem
ORDER BY min(id);
