-- The matches that a filter names and that have rows, joined by commas: found by the index, one
-- look for each.  ?1: ids and, with '*' behind them, beginnings of ids, joined by commas.  NULL:
-- there are more than ?2.
WITH RECURSIVE wanted(low, high) AS (
    SELECT rtrim(value, '*'), rtrim(value, '*') || iif(value GLOB '*[*]', char(127), ' ')
    FROM json_each('[' || replace(json_quote(?1), ',', '","') || ']')
), found(name, high) AS (
    SELECT (SELECT min(match_id) FROM match_events WHERE match_id >= low AND match_id < high), high
    FROM wanted
    UNION
    SELECT (SELECT min(match_id) FROM match_events WHERE match_id > name AND match_id < high), high
    FROM found
    WHERE name IS NOT NULL
    LIMIT 2 * ?2 + 1
)
SELECT iif(count(*) <= ?2, ifnull(group_concat(name), ''), NULL)
FROM (SELECT DISTINCT name FROM found WHERE name IS NOT NULL);
