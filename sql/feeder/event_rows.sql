-- The rows of the events of the proper update ?1, in order: type, data.
--
-- The data are what every row tells (the match, the teams, and the score, unless
-- the event has one of its own), then the event's own fields.  A NULL type: this
-- entry is not a proper event.
WITH told(fields) AS (
    SELECT '"match_id":' || (?1 -> '$.match_id') || ',"home_team":' || (?1 -> '$.home_team')
           || ',"away_team":' || (?1 -> '$.away_team') || ',"score":')
SELECT CASE WHEN event.type = 'object'
                 AND json_type(value, '$.type') = 'text'
                 AND instr(value -> '$.type', '\u0000') = 0
                 AND ifnull(value ->> '$.team' IN ('home', 'away'), true)
                 AND ifnull(json_type(value, '$.score'), 'object') = 'object'
            THEN value ->> '$.type' END,
       '{' || fields || coalesce(value -> '$.score', ?1 -> '$.score')
       || CASE own WHEN '{}' THEN '}' ELSE ',' || substr(own, 2) END
FROM told, (SELECT *, CASE type WHEN 'object'
                      THEN json_remove(value, '$.type', '$.score', '$.match_id',
                                              '$.home_team', '$.away_team') END AS own
            FROM json_each(?1, '$.events')) AS event
ORDER BY key;
