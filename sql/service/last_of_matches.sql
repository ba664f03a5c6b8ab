-- The same for some matches, ?3 (ids, joined by commas), among the newest 4096 / n rows of each of these n.
WITH names(name) AS MATERIALIZED (
    SELECT value FROM json_each('[' || replace(json_quote(?3), ',', '","') || ']')
), bound(id) AS (
    SELECT max((SELECT id FROM match_events WHERE match_id = name
                ORDER BY id DESC LIMIT 1 OFFSET 4096 / (SELECT count(*) FROM names)))
    FROM names
)
SELECT id
FROM match_events
WHERE match_id IN names AND id >= ifnull((SELECT id FROM bound), 0)
      AND (?2 = '' OR type IN (SELECT value FROM json_each('[' || replace(json_quote(?2), ',', '","') || ']')))
ORDER BY id DESC
LIMIT 1 OFFSET ?1;
