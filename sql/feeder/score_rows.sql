-- The rows, type and data, that make the goals of a match fit the score of the proper update ?1, whose
-- own events have been inserted.
--
-- If a score falls and no event explains it, the newest goals of that side in excess of the score
-- are taken back, by rows of type void with "why":"score".  If a score rises and the update has no
-- goal of that side, the last of these goals comes back, in a row that names the void: a
-- correction, and no news.  A match that starts over has lost no goals: it is upcoming, goes on
-- after its end, or its clock is at the kick-off.
WITH
state(now, before) AS (
    SELECT ifnull((SELECT state FROM statuses
                   WHERE word = replace(replace(replace(lower(?1 ->> '$.status'), ' ', ''), '-', ''), '_', '')), 'live'),
           (SELECT state FROM match_states WHERE match_id = ?1 ->> '$.match_id')),
goes_on AS (
    SELECT home_score, away_score
    FROM matches, state
    WHERE match_id = ?1 ->> '$.match_id'
          AND now <> 'upcoming' AND NOT (now = 'live' AND before IN ('finished', 'off'))
          AND (?1 ->> '$.time' = '' OR CAST(?1 ->> '$.time' AS INTEGER) > 1)),
score(team, now, before) AS (
    SELECT 'home', ?1 ->> '$.score.home', home_score FROM goes_on
    UNION ALL
    SELECT 'away', ?1 ->> '$.score.away', away_score FROM goes_on),
row AS MATERIALIZED (
    SELECT id, type, data, data ->> '$.team' AS team, data ->> '$.voids' AS voids
    FROM match_events
    WHERE match_id = ?1 ->> '$.match_id' AND type IN ('goal', 'penalty', 'own-goal', 'void')),
standing AS (
    SELECT *, row_number() OVER side AS nth, row_number() OVER newest AS newest
    FROM row
    WHERE id NOT IN (SELECT voids FROM row WHERE voids IS NOT NULL)
    WINDOW side AS (PARTITION BY type = 'void', team ORDER BY id),
           newest AS (PARTITION BY type = 'void', team ORDER BY id DESC)),
goals(team, n) AS (
    SELECT score.team, count(id) FROM score LEFT JOIN standing ON standing.team = score.team AND type <> 'void'
    GROUP BY score.team),
change(id, type, score, own) AS (
    SELECT id, 'void', ?1 -> '$.score',
           json_patch('{}', json_object('voids', id, 'voided', type, 'why', 'score', 'time', data -> '$.time',
                                        'team', data -> '$.team', 'player', data -> '$.player'))
    FROM standing JOIN score USING (team)
    WHERE type <> 'void' AND newest <= before - now AND nth > now
    UNION ALL
    SELECT taken.id, taken.type, ?1 -> '$.score',
           json_set(json_remove(taken.data, '$.score', '$.match_id', '$.home_team', '$.away_team'), '$.voids', standing.id)
    FROM standing JOIN score USING (team) JOIN goals USING (team) JOIN row AS taken ON taken.id = standing.voids
    WHERE standing.type = 'void' AND standing.data ->> '$.why' = 'score'
          AND newest <= min(now - before, now - n)
          AND NOT EXISTS (SELECT 1 FROM json_each(?1, '$.events') AS event
                          WHERE event.type = 'object' AND value ->> '$.team' = score.team
                                AND value ->> '$.type' IN ('goal', 'penalty', 'own-goal')))
SELECT type,
       '{"match_id":' || (?1 -> '$.match_id') || ',"home_team":' || (?1 -> '$.home_team')
       || ',"away_team":' || (?1 -> '$.away_team') || ',"score":' || score || ',' || substr(own, 2)
FROM change
ORDER BY id;
