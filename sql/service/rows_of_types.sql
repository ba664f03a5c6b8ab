-- The same for types, ?2, except 'message': as for several matches.
WITH names(name) AS MATERIALIZED (
    SELECT value FROM json_each('[' || replace(json_quote(?2), ',', '","') || ']')
), bound(id) AS (
    SELECT min((SELECT id FROM match_events WHERE type = name AND type <> 'message' AND id > ?1
                ORDER BY id LIMIT 1 OFFSET ?3 / (SELECT count(*) FROM names) - 1))
    FROM names
)
SELECT id, type, data, match_id, created_at
FROM match_events
WHERE id IN (SELECT id FROM match_events
             WHERE type IN names AND type <> 'message' AND id > ?1
                   AND id <= ifnull((SELECT id FROM bound), 9223372036854775807))
ORDER BY id;
