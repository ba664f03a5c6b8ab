-- Into which independent parts can the document ?1, in one of the built-in formats, be split?  A part is what
-- "matches" has about a pair of teams (openfootball) or an id (football-data): its key, its text, and all
-- that its format reads in and around it, so that equal parts mean the same.  No row: the document can't be
-- split, because two matches have the same "num", or teams are not names.
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
