-- What is the first thing wrong with a row's match, ?1, type, ?2, or data, ?3?  Which of
-- them, what was expected, and the start of what was found.  No row: nothing.
WITH problem(name, expected, found) AS (
    SELECT 'MATCH', '1 to 64 printable ASCII characters, no space, no comma', ?1
    WHERE length(?1) NOT BETWEEN 1 AND 64 OR ?1 GLOB '*[^!-+--~]*'
    UNION ALL
    SELECT 'TYPE', '1 to 32 of a-z 0-9 _ - that begin with a letter', ?2
    WHERE length(?2) > 32 OR ?2 NOT GLOB '[a-z]*' OR ?2 GLOB '*[^a-z0-9_-]*'
    UNION ALL
    SELECT 'TYPE', 'one that is not reserved for streams', ?2
    WHERE ?2 IN ('error', 'heartbeat', 'open', 'reset')
    UNION ALL
    SELECT 'JSON', 'an object such as {"player":"Marcus Rashford"}', ?3
    WHERE CASE WHEN json_valid(?3) THEN json_type(?3) ELSE 'none' END <> 'object'
    UNION ALL
    SELECT 'JSON: starts_at', 'day, hour and zone, such as "2026-11-28T18:30:00Z" or "2026-11-28T19:30+01:00"',
           told -> '$.starts_at'
    FROM (SELECT iif(json_valid(?3), ?3, '{}') AS told)
    WHERE told ->> '$.starts_at' IS NOT NULL
          AND (told ->> '$.starts_at' GLOB '????-??-??T??:??*'
               AND (told ->> '$.starts_at' GLOB '*[0-9]Z' OR told ->> '$.starts_at' GLOB '*[+-][0-9][0-9]:[0-9][0-9]')
               AND date(substr(told ->> '$.starts_at', 1, 10), '+0 days') = substr(told ->> '$.starts_at', 1, 10)
               AND julianday(told ->> '$.starts_at') IS NOT NULL) IS NOT true)
SELECT name, expected, CASE WHEN found = '' THEN 'nothing'
                            WHEN length(found) > 40 THEN substr(found, 1, 40) || '...'
                            ELSE found END
FROM problem
LIMIT 1;
