-- livescore: updates as this project has them, in an array or one per line
--
-- The document, ?1, is one update:
--
--     {"match_id": "2025061001", "home_team": "Manchester United", "away_team": "Liverpool",
--      "score": {"home": 1, "away": 0}, "time": "23:15", "status": "First Half",
--      "events": [...], "starts_at": "2025-06-10T19:45:00Z"}
--
-- It is passed on unchanged.  starts_at (optional) and the clock place it in time for --speed: a
-- clock of 46:10 is 15 minutes later because of half-time, one in extra time 20, unless the
-- status says that half-time is not over.  "45+2" is two minutes after 45.
WITH
clock(minute, second, stoppage, event) AS (
    SELECT CAST(?1 ->> '$.time' AS INTEGER),
           iif(instr(?1 ->> '$.time', ':'),
               CAST(substr(?1 ->> '$.time', instr(?1 ->> '$.time', ':') + 1) AS INTEGER), 0),
           iif(instr(?1 ->> '$.time', '+'),
               CAST(substr(?1 ->> '$.time', instr(?1 ->> '$.time', '+') + 1) AS INTEGER), 0),
           (SELECT event FROM statuses
            WHERE word = replace(replace(replace(lower(?1 ->> '$.status'), ' ', ''), '-', ''), '_', '')))
SELECT ?1, ?1 ->> '$.starts_at',
       60 * (minute + stoppage
             + CASE WHEN minute < 45
                         OR event IN ('kickoff', 'halftime') THEN 0
                    WHEN minute <= 90 AND event IS NOT 'extra-time' THEN 15
                    ELSE 20 END)
       + second
FROM clock;
