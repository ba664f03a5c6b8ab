-- The row, type and data, for the change of status in the proper update ?1, such as
-- 'halftime'.
--
-- There is one if the table statuses has an event for the status, if the status means something
-- else than the match's previous status (that of its last message or, where that is unknown or only
-- a break in play, its last row of such a type), and if none of the update's events says the
-- same.  A match that is in play when it first appears gets no kick-off.
WITH
change(now, before, match_id) AS (
    SELECT replace(replace(replace(lower(?1 ->> '$.status'), ' ', ''), '-', ''), '_', ''),
           replace(replace(replace(lower(status), ' ', ''), '-', ''), '_', ''),
           ?1 ->> '$.match_id'
    FROM (SELECT (SELECT status FROM matches WHERE match_id = ?1 ->> '$.match_id') AS status)
    WHERE status IS NOT ?1 ->> '$.status'),
turn(type) AS (
    SELECT event
    FROM change JOIN statuses ON word = now
    WHERE event IS NOT coalesce((SELECT ifnull(event, '') FROM statuses
                                 WHERE word = before AND (event IS NOT NULL OR state <> 'live')),
                                (SELECT type FROM match_events
                                 WHERE match_id = change.match_id
                                       AND type IN (SELECT event FROM statuses)
                                 ORDER BY id DESC
                                 LIMIT 1))
          AND event IS NOT NULL
          AND NOT (NOT EXISTS (SELECT 1 FROM matches WHERE match_id = change.match_id)
                   AND ifnull(CAST(?1 ->> '$.time' AS INTEGER)
                              > CASE event WHEN 'kickoff' THEN 1 WHEN 'secondhalf' THEN 46 WHEN 'extra-time' THEN 91 END,
                              false)))
SELECT type,
       '{"match_id":' || (?1 -> '$.match_id') || ',"home_team":' || (?1 -> '$.home_team')
       || ',"away_team":' || (?1 -> '$.away_team') || ',"score":' || (?1 -> '$.score')
       || ',"time":' || (?1 -> '$.time') || ',"status":' || (?1 -> '$.status') || '}'
FROM turn
WHERE type NOT IN (SELECT value ->> '$.type'
                   FROM json_each(?1, '$.events') AS event
                   WHERE event.type = 'object');
