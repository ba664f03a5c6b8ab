-- What is the first thing wrong with the update ?1?  Path, what was expected, and the start
-- of what was found.  No row: nothing.  An error: it is not JSON.  The first line of problem
-- turns JSON5, which SQLite reads since 3.42, into JSON.
WITH
rule(number, path, expected, fits) AS (
    SELECT 1, 'match_id', '1 to 64 printable ASCII characters, no space, no comma',
           json_type(?1, '$.match_id') = 'text'
           AND length(?1 ->> '$.match_id') BETWEEN 1 AND 64
           AND ?1 ->> '$.match_id' NOT GLOB '*[^!-+--~]*'
           AND instr(?1 -> '$.match_id', '\u0000') = 0
    UNION ALL
    SELECT 2, 'home_team', 'a name', json_type(?1, '$.home_team') = 'text'
                                     AND ?1 -> '$.home_team' NOT IN ('""')
    UNION ALL
    SELECT 3, 'away_team', 'a name', json_type(?1, '$.away_team') = 'text'
                                     AND ?1 -> '$.away_team' NOT IN ('""')
    UNION ALL
    SELECT 4, 'score', 'an object with home and away', json_type(?1, '$.score') = 'object'
    UNION ALL
    SELECT 5, 'score.' || side, 'an integer of 0 or more'
                                || iif(length(?1 -> ('$.score.' || side)) > 15, ', at most 15 digits', ''),
           ?1 -> ('$.score.' || side) GLOB '[0-9]*'
           AND ?1 -> ('$.score.' || side) NOT GLOB '*[^0-9]*'
           AND length(?1 -> ('$.score.' || side)) <= 15
    FROM (SELECT 'home' AS side UNION ALL SELECT 'away')
    UNION ALL
    SELECT 6, field, 'a string', json_type(?1, '$.' || field) = 'text'
    FROM (SELECT 'time' AS field UNION ALL SELECT 'status')
    UNION ALL
    SELECT 7, 'starts_at', 'day, hour and zone, such as "2026-11-28T18:30:00Z" or "2026-11-28T19:30+01:00"',
           ?1 ->> '$.starts_at' IS NULL
           OR (?1 ->> '$.starts_at' GLOB '????-??-??T??:??*'
               AND (?1 ->> '$.starts_at' GLOB '*[0-9]Z' OR ?1 ->> '$.starts_at' GLOB '*[+-][0-9][0-9]:[0-9][0-9]')
               AND date(substr(?1 ->> '$.starts_at', 1, 10), '+0 days') = substr(?1 ->> '$.starts_at', 1, 10)
               AND julianday(?1 ->> '$.starts_at') IS NOT NULL)
    UNION ALL
    SELECT 7, 'local_time', 'a day, or day and hour, such as "2026-11-28" or "2026-11-28 18:30"',
           ?1 ->> '$.local_time' IS NULL
           OR (?1 ->> '$.local_time' GLOB '????-??-??*'
               AND date(substr(?1 ->> '$.local_time', 1, 10), '+0 days') = substr(?1 ->> '$.local_time', 1, 10)
               AND strftime('%Y-%m-%d %H:%M', ?1 ->> '$.local_time') IN (?1 ->> '$.local_time',
                                                                       (?1 ->> '$.local_time') || ' 00:00'))
    UNION ALL
    SELECT 7, 'leg', 'an integer', ifnull(json_type(?1, '$.leg'), 'null') IN ('integer', 'null')
    UNION ALL
    SELECT 7, 'events', 'an array', ifnull(json_type(?1, '$.events'), 'array') = 'array'),
event(place, is_object, value) AS (
    SELECT 'events[' || key || ']', type = 'object', value
    FROM json_each(CASE json_type(?1, '$.events') WHEN 'array' THEN ?1 -> '$.events' ELSE '[]' END)),
problem(number, path, expected) AS (
    SELECT 0, '', '' FROM json_each(iif(json_valid(?1), '[]', '{'))
    UNION ALL
    SELECT number, path, expected FROM rule WHERE fits IS NOT true
    UNION ALL
    SELECT 8, place, 'an object' FROM event WHERE NOT is_object
    UNION ALL
    SELECT 8, place || '.type', '1 to 32 of a-z 0-9 _ - that begin with a letter'
    FROM event
    WHERE is_object
          AND (json_type(value, '$.type') = 'text' AND length(value ->> '$.type') <= 32
               AND value ->> '$.type' GLOB '[a-z]*'
               AND value ->> '$.type' NOT GLOB '*[^a-z0-9_-]*'
               AND instr(value -> '$.type', '\u0000') = 0) IS NOT true
    UNION ALL
    SELECT 8, place || '.type', 'one that is not reserved for streams'
    FROM event
    WHERE is_object AND value ->> '$.type' IN ('error', 'heartbeat', 'open', 'reset')
    UNION ALL
    SELECT 8, place || '.team', '"home" or "away"'
    FROM event
    WHERE is_object AND value ->> '$.team' NOT IN ('home', 'away')
    UNION ALL
    SELECT 8, place || '.score', 'an object'
    FROM event
    WHERE is_object AND json_type(value, '$.score') <> 'object')
SELECT path, expected, iif(length(found) > 40, substr(found, 1, 40) || '...', ifnull(found, 'nothing'))
FROM (SELECT *, ?1 -> ('$.' || path) AS found FROM problem ORDER BY number LIMIT 1);
