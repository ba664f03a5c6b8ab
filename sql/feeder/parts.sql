-- Into which parts does the document ?1 fall that its format, which is one of ours, reads one without the
-- others?  A part is what "matches" has about a pair of teams (openfootball) or about an id (football-data):
-- which, its text, and what its format reads of it and around it: the same again says the same.  No row: it
-- is one whole.  It is if two matches have the same "num", or teams are no names.
WITH
entry AS MATERIALIZED (
    SELECT key, value AS text, value ->> '$.num' AS num,
           CASE json_type(value, '$.team1')
                WHEN 'text' THEN json_array(value ->> '$.team1', value ->> '$.team2')
                ELSE 'football-data-' || (value ->> '$.id') END AS who,
           json_extract(value,
                        -- both
                        '$.date', '$.group', '$.round', '$.score', '$.status', '$.venue',
                        -- openfootball
                        '$.num', '$.team1', '$.team2', '$.time', '$.timezone', '$.ground', '$.stadium', '$.leg', '$.goals1', '$.goals2',
                        '$.score1', '$.score2', '$.score1i', '$.score2i', '$.score1et', '$.score2et', '$.score1p', '$.score2p',
                        -- football-data
                        '$.id', '$.homeTeam', '$.awayTeam', '$.utcDate', '$.minute', '$.injuryTime', '$.goals', '$.bookings',
                        '$.substitutions', '$.competition', '$.season', '$.stage', '$.matchday') AS read
    FROM json_each(?1, '$.matches')
    WHERE type = 'object')
SELECT who, group_concat(text), json_array(?1 -> '$.name', ?1 -> '$.season', ?1 -> '$.competition') || group_concat(read)
FROM (SELECT * FROM entry ORDER BY who, key)
WHERE (SELECT count(who) = json_array_length(?1, '$.matches') AND count(DISTINCT num) = count(num)
              AND json_type(?1, '$.rounds') IS NULL FROM entry)
GROUP BY who
ORDER BY min(key);
