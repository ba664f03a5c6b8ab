-- Into which parts does the document ?1 fall that its format, which is one of ours, reads one without the
-- others?  A part is what "matches" has about a pair of teams (openfootball) or about an id (football-data):
-- which, its text, and its context: the same again say the same.  No row: it is one whole.  It is if two
-- matches have the same "num", or teams are no names.
WITH
entry AS MATERIALIZED (
    SELECT key, json_remove(value, '$.lastUpdated', '$.odds') AS text, value ->> '$.num' AS num,
           CASE json_type(value, '$.team1')
                WHEN 'text' THEN json_array(value ->> '$.team1', value ->> '$.team2')
                ELSE 'football-data-' || (value ->> '$.id') END AS who
    FROM json_each(?1, '$.matches')
    WHERE type = 'object')
SELECT who, group_concat(text), json_array(?1 -> '$.name', ?1 -> '$.season', ?1 -> '$.competition')
FROM (SELECT * FROM entry ORDER BY who, key)
WHERE (SELECT count(who) = json_array_length(?1, '$.matches') AND count(DISTINCT num) = count(num)
              AND json_type(?1, '$.rounds') IS NULL FROM entry)
GROUP BY who
ORDER BY min(key);
