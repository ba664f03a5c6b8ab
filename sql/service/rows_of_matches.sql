-- The same for several matches, ?2 (ids, joined by commas): at most ?3 rows, and at least one
-- if there is one.  A match of which there is more than its share bounds them all: so each
-- costs no more than its share of the index, and the list of ids is short.
WITH names(name) AS MATERIALIZED (
    SELECT value FROM json_each('[' || replace(json_quote(?2), ',', '","') || ']')
), bound(id) AS (
    SELECT min((SELECT id FROM match_events WHERE match_id = name AND id > ?1
                ORDER BY id LIMIT 1 OFFSET ?3 / (SELECT count(*) FROM names) - 1))
    FROM names
)
SELECT id, type, data, match_id, created_at
FROM match_events
WHERE id IN (SELECT id FROM match_events
             WHERE match_id IN names AND id > ?1
                   AND id <= ifnull((SELECT id FROM bound), 9223372036854775807))
ORDER BY id;
