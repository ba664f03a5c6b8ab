-- The cursor for the newest ?1 rows that a filter admits, among the newest 65,536 ids: the row
-- before them.  ?2: types, ?3: matches as in matches_named.sql, both joined by commas; '': all.
WITH wanted(low, high) AS MATERIALIZED (
    SELECT rtrim(value, '*'), rtrim(value, '*') || iif(value GLOB '*[*]', char(127), ' ')
    FROM json_each('[' || replace(json_quote(?3), ',', '","') || ']')
)
SELECT id
FROM match_events
WHERE id > (SELECT max(id) FROM match_events) - 65536
      AND (?2 = '' OR type IN (SELECT value FROM json_each('[' || replace(json_quote(?2), ',', '","') || ']')))
      AND (?3 = '' OR EXISTS (SELECT 1 FROM wanted WHERE match_id >= low AND match_id < high))
ORDER BY id DESC
LIMIT 1 OFFSET ?1;
