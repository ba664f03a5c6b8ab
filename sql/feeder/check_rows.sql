-- Which rows would the schema refuse today, or have a time that can't be right, because of an older
-- schema or a wrong clock?  One finding for each kind.  (A wrong time does no harm: the remedy
-- deletes no row, since that would send a reset to clients.)
WITH
looked_at(id, problem) AS (
    SELECT id,
           CASE WHEN id > 4503599627370496
                THEN 'an id that leaves too few for the rows to come'
                WHEN length(match_id) NOT BETWEEN 1 AND 64 OR match_id GLOB '*[^!-+--~]*'
                     OR instr(CAST(match_id AS BLOB), x'00') > 0
                THEN 'a match_id that is not 1 to 64 printable ASCII characters without space and comma'
                WHEN length(type) > 32 OR type NOT GLOB '[a-z]*' OR type GLOB '*[^a-z0-9_-]*'
                     OR instr(CAST(type AS BLOB), x'00') > 0
                THEN 'a type that is not 1 to 32 of a-z 0-9 _ - that begin with a letter'
                WHEN type IN ('error', 'heartbeat', 'open', 'reset')
                THEN 'a type that is reserved for streams'
                WHEN NOT json_valid(data) OR length(CAST(data AS BLOB)) > 1048576
                THEN 'data that are not JSON, or larger than 1 MiB'
                WHEN instr(CAST(data AS BLOB), x'00') > 0
                THEN 'a NUL byte in data, after which nothing is sent'
                WHEN length(CAST(created_at AS BLOB)) <> 24
                     OR created_at NOT GLOB '????-??-??T??:??:??.[0-9][0-9][0-9]Z'
                     OR julianday(created_at) IS NULL
                     OR created_at > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day')
                THEN 'a time that can''t be right' END
    FROM match_events)
SELECT format('%d row%s with %s, the first is row %d: ', count(*), iif(count(*) = 1, '', 's'), problem, min(id))
       || CASE WHEN problem LIKE 'a time%'
               THEN '''prune --older-than'' deletes it with a later row; ''--keep-last'' ignores times'
               WHEN problem LIKE 'an id%'
               THEN '''DELETE FROM match_events WHERE id > 4503599627370496'' in sqlite3 deletes them; run '
                    || '''feeder check --repair'' after it'
               ELSE format('''DELETE FROM match_events WHERE id = %d'' in sqlite3 deletes it, '
                           || 'and sends a reset to clients that have not read past it', min(id)) END
FROM looked_at
WHERE problem IS NOT NULL
GROUP BY problem
ORDER BY min(id);
