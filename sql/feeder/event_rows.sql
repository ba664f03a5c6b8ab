-- The rows of the events of the proper update ?1, in order: type, data.
--
-- data has the fields of every row (the match, the teams, and the score, unless the event
-- has its own), then the event's own fields.  A NULL type: this entry is not a proper event.
--
-- A goal that was taken back and is listed again names the void in its "voids": it is a correction, and
-- no news.  Voids are found by the index of types: one match may have many more rows than all matches have voids.
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
FROM told,
     (SELECT *, CASE WHEN again IS NULL OR json_type(rest, '$.voids') IS NOT NULL THEN rest
                     ELSE json_set(rest, '$.voids', again) END AS own
      FROM (SELECT key, type, value,
                   CASE type WHEN 'object' THEN json_remove(value, '$.type', '$.score', '$.match_id',
                                                            '$.home_team', '$.away_team') END AS rest,
                   CASE WHEN type = 'object' AND value ->> '$.type' IN ('goal', 'penalty', 'own-goal')
                        THEN (SELECT max(void.id)
                              FROM match_events AS void JOIN match_events AS taken ON taken.id = void.data ->> '$.voids'
                              WHERE +void.match_id = ?1 ->> '$.match_id' AND void.type = 'void' AND void.type <> 'message'
                                    AND taken.type = value ->> '$.type'
                                    AND taken.data ->> '$.team' IS value ->> '$.team'
                                    AND taken.data ->> '$.player' IS value ->> '$.player'
                                    AND taken.data ->> '$.time' IS value ->> '$.time'
                                    AND void.id NOT IN (SELECT data ->> '$.voids' FROM match_events
                                                        WHERE match_id = ?1 ->> '$.match_id' AND type <> 'void'
                                                              AND type <> 'message' AND data ->> '$.voids' IS NOT NULL))
                        END AS again
            FROM json_each(?1, '$.events'))) AS event
ORDER BY key;
