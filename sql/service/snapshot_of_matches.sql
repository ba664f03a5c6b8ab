-- The same for the matches of a filter, ?3 (as in rows_of_matches.sql): the ?4 most recently
-- updated ones.
WITH wanted(low, high) AS (
    SELECT rtrim(value, '*'), rtrim(value, '*') || iif(value GLOB '*[*]', char(127), ' ')
    FROM json_each('[' || replace(json_quote(?3), ',', '","') || ']')
)
SELECT message_id, 'message', message, match_id, updated_at
FROM matches
WHERE message_id IN (SELECT message_id
                     FROM wanted CROSS JOIN matches ON match_id >= low AND match_id < high
                     WHERE +message_id > ?1 AND +message_id <= ?2
                     ORDER BY message_id DESC
                     LIMIT ?4)
ORDER BY message_id;
