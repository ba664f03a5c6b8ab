-- The cursor for the newest ?1 rows that a filter admits: the row before them.  ?2: types, joined by
-- commas; ?3: matches, as in rows_of_matches.sql; '': all.  It reads only the newest rows: 4096 of
-- up to 32 matches, else 65,536 of the log.  If fewer than ?1 of them pass, it is the row before them.
WITH RECURSIVE wanted(low, high) AS (
    SELECT rtrim(value, '*'), rtrim(value, '*') || iif(value GLOB '*[*]', char(127), ' ')
    FROM json_each('[' || replace(json_quote(?3), ',', '","') || ']')
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
    SELECT max((SELECT id FROM match_events WHERE match_id = name
                ORDER BY id DESC LIMIT 1 OFFSET 4096 / (SELECT n FROM few)))
    FROM names
    WHERE EXISTS (SELECT 1 FROM few)
), types(name) AS MATERIALIZED (
    SELECT value FROM json_each('[' || replace(json_quote(?2), ',', '","') || ']')
)
SELECT ifnull((
    SELECT id
    FROM match_events
    WHERE match_id IN (SELECT name FROM names, few) AND id >= ifnull((SELECT id FROM bound), 0)
          AND (?2 = '' OR type IN types)
    UNION ALL
    SELECT id
    FROM match_events
    WHERE id > iif(?3 = '' OR NOT EXISTS (SELECT 1 FROM few), (SELECT max(id) FROM match_events) - 65536,
                    9223372036854775807)
          AND (?2 = '' OR type IN types)
          AND (?3 = '' OR EXISTS (SELECT 1 FROM wanted WHERE match_id >= low AND match_id < high))
    ORDER BY id DESC
    LIMIT 1 OFFSET ?1
), max(0, iif(?3 = '' OR NOT EXISTS (SELECT 1 FROM few), (SELECT max(id) FROM match_events) - 65536,
              ifnull((SELECT id FROM bound) - 1, 0))));
