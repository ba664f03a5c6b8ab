-- The cursor for the rows of the last ?1 milliseconds: an id up to which all rows are older.
-- It assumes that rows are in the order of their times, and finds the id in 53 steps: each adds
-- its power of two if the row there is older, too.  ?2: the newest id.
WITH RECURSIVE search(id, step) AS (
    SELECT 0, 4503599627370496
    UNION ALL
    SELECT id + iif(id + step <= ?2
                    AND ifnull((SELECT created_at FROM match_events WHERE match_events.id <= search.id + step
                                ORDER BY match_events.id DESC LIMIT 1)
                               < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('-%.3f seconds', ?1 / 1000.0)), 1),
                    step, 0),
           step / 2
    FROM search
    WHERE step > 0
)
SELECT id FROM search WHERE step = 0;
