-- The same for the matches of a filter, ?2: ids, or prefixes followed by '*', joined by commas.
-- At most ?3 rows, and at least one if there is one.
--
-- Up to 32 matches are found by the index, one lookup each.  A match with more rows than its
-- share limits all of them: so each costs no more than its share of the index, and the
-- list of ids is short.  For more matches, or if 'found' is cut off since prefixes overlap, the next ?3 rows of
-- the log are searched.
WITH RECURSIVE wanted(low, high) AS (
    SELECT rtrim(value, '*'), rtrim(value, '*') || iif(value GLOB '*[*]', char(127), ' ')
    FROM json_each('[' || replace(json_quote(?2), ',', '","') || ']')
), found(name, high) AS (
    SELECT (SELECT match_id FROM match_events WHERE match_id >= low AND match_id < high ORDER BY match_id LIMIT 1), high
    FROM wanted
    UNION
    SELECT (SELECT match_id FROM match_events WHERE match_id > name AND match_id < high ORDER BY match_id LIMIT 1), high
    FROM found
    WHERE name IS NOT NULL
    LIMIT 65
), names(name) AS MATERIALIZED (
    SELECT DISTINCT name FROM found WHERE name IS NOT NULL
), few(n) AS MATERIALIZED (
    SELECT count(*) FROM names HAVING count(*) <= 32 AND (SELECT count(*) FROM found) < 65
), bound(id) AS (
    SELECT min((SELECT id FROM match_events WHERE match_id = name AND id > ?1
                ORDER BY id LIMIT 1 OFFSET ?3 / (SELECT n FROM few) - 1))
    FROM names
    WHERE EXISTS (SELECT 1 FROM few)
)
SELECT id, type, data, match_id, created_at
FROM match_events
WHERE id IN (SELECT id FROM match_events
             WHERE match_id IN (SELECT name FROM names, few) AND id > ?1
                   AND id <= ifnull((SELECT id FROM bound), 9223372036854775807)
             UNION ALL
             SELECT id FROM (SELECT id FROM match_events
                             WHERE id > iif(EXISTS (SELECT 1 FROM few), 9223372036854775807, ?1)
                             ORDER BY id LIMIT ?3))
ORDER BY id;
