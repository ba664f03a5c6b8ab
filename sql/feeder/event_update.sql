-- What does an event that was added by hand change in its match?  ?1: the match, ?2: the
-- event's type, ?3: its data, an object; "voids" in it has been checked.
--
-- The id that its row will have, and the update (the whole state of the match with this
-- event) that its rows are made from: NULL if the row is inserted as it is, because it is a
-- message or the match has no state.  Then what is missing, if anything: where, what was
-- expected, and what was found.
--
-- The state is the match's last message or, if that has no teams and score, begins with the
-- teams in data; a change of status that begins a match also takes other fields of data, such
-- as "competition".  Goals count for the event's team; a voided event no longer
-- counts.  A score in data is used as it is.  Only a change of status can move the clock
-- back.
WITH
turn(type, status) AS (
    SELECT event, name FROM statuses WHERE event IS NOT NULL AND name IS NOT NULL),
goal(type, field) AS (
    VALUES ('goal', 'score'), ('own-goal', 'score'), ('penalty', 'score'), ('shootout-goal', 'shootout')),
event(time, status, own) AS (
    SELECT CASE WHEN json_type(?3, '$.time') IN ('text', 'integer') THEN CAST(?3 ->> '$.time' AS TEXT) END,
           CASE json_type(?3, '$.status') WHEN 'text' THEN ?3 ->> '$.status' END,
           json_remove(?3, '$.type', '$.match_id', '$.home_team', '$.away_team')),
voided AS (
    SELECT id, type, data ->> '$.team' AS team FROM match_events WHERE id = ?3 ->> '$.voids'),
counted(field, team, goals) AS (
    SELECT field, ?3 ->> '$.team', 1 FROM goal WHERE type = ?2
    UNION ALL
    SELECT field, team, -1 FROM voided JOIN goal USING (type)),
state(message, home, away, time, status) AS (
    SELECT message, home_score, away_score, ifnull(clock, ''), ifnull(status, '')
    FROM matches
    WHERE match_id = ?1 AND home_team <> '' AND away_team <> ''
          AND home_score IS NOT NULL AND away_score IS NOT NULL
    UNION ALL
    SELECT json_patch(json_object('match_id', ?1, 'home_team', ?3 -> '$.home_team', 'away_team', ?3 -> '$.away_team',
                                  'score', json('{"home":0,"away":0}'), 'time', '', 'status', ''),
                      iif(?2 IN (SELECT type FROM turn),
                          json_remove(?3, '$.type', '$.match_id', '$.score', '$.voids', '$.events'), '{}')),
           0, 0, '0:00', 'In Play'
    WHERE json_type(?3, '$.home_team') = 'text' AND ?3 ->> '$.home_team' <> ''
          AND json_type(?3, '$.away_team') = 'text' AND ?3 ->> '$.away_team' <> ''
    LIMIT 1),
-- "45+2" is after "45:59", and before "46:00"
place(time, place) AS (
    SELECT time, CAST(time AS INTEGER) * 100000
                 + iif(instr(time, '+'), 60 * (1 + CAST(substr(time, instr(time, '+') + 1) AS INTEGER)),
                       iif(instr(time, ':'), CAST(substr(time, instr(time, ':') + 1) AS INTEGER), 0))
    FROM (SELECT time FROM state UNION SELECT time FROM event)),
clock(time) AS (
    SELECT CASE WHEN ?2 IN (SELECT type FROM turn)
                     OR (SELECT place FROM place WHERE time = event.time)
                        > (SELECT place FROM place WHERE time = state.time)
                THEN ifnull(event.time, state.time)
                ELSE state.time END
    FROM state, event),
-- When the latest change of status is voided, the status before it applies again.
status(status) AS (
    SELECT CASE WHEN ?2 IN (SELECT type FROM turn) AND event.status IS NOT NULL THEN event.status
                WHEN ?2 = 'fulltime' AND state.status LIKE '%penalt%' THEN 'After Penalties'
                WHEN ?2 = 'fulltime' AND state.status LIKE '%extra%' THEN 'After Extra Time'
                ELSE coalesce(
                    (SELECT status FROM turn WHERE type = ?2),
                    (SELECT (SELECT data ->> '$.status' FROM match_events
                             WHERE match_id = ?1 AND type = 'message' AND id < voided.id
                             ORDER BY id DESC LIMIT 1)
                     FROM voided JOIN turn USING (type)
                     WHERE state.status = (SELECT data ->> '$.status' FROM match_events
                                           WHERE match_id = ?1 AND type = 'message' AND id > voided.id
                                           ORDER BY id LIMIT 1)),
                    state.status) END
    FROM state, event),
shootout(home, away) AS (
    SELECT ifnull(message ->> '$.shootout.home', 0)
           + ifnull((SELECT sum(goals) FROM counted WHERE field = 'shootout' AND team = 'home'), 0),
           ifnull(message ->> '$.shootout.away', 0)
           + ifnull((SELECT sum(goals) FROM counted WHERE field = 'shootout' AND team = 'away'), 0)
    FROM state
    WHERE ?2 = 'shootout' OR 'shootout' IN (SELECT field FROM counted)),
score(home, away) AS (
    SELECT home + ifnull((SELECT sum(goals) FROM counted WHERE field = 'score' AND team = 'home'), 0),
           away + ifnull((SELECT sum(goals) FROM counted WHERE field = 'score' AND team = 'away'), 0)
    FROM state),
whole(message) AS (
    SELECT json_patch(json_patch(message,
               json_object('score', ifnull(?3 -> '$.score', json_object('home', score.home, 'away', score.away)),
                           'time', clock.time, 'status', status.status, 'voids', NULL,
                           'events', json('[{"type":' || json_quote(?2)
                                          || iif(own = '{}', '}', ',' || substr(own, 2)) || ']'))),
               ifnull((SELECT json_object('shootout', json_object('home', home, 'away', away)) FROM shootout),
                      '{}'))
    FROM state, event, clock, status, score
    WHERE ?2 <> 'message'),
problem(name, expected, found) AS (
    SELECT 'JSON: team', '"home" or "away", the side that the goal counts for', ifnull(?3 -> '$.team', 'nothing')
    FROM counted
    WHERE team IN ('home', 'away') IS NOT true AND json_type(?3, '$.score') IS NULL
    UNION ALL
    SELECT 'MATCH', 'one whose teams and score are known (home_team and away_team in JSON begin one)', ?1
    WHERE NOT EXISTS (SELECT 1 FROM state)
          AND (?2 IN (SELECT type FROM turn) OR EXISTS (SELECT 1 FROM counted)))
SELECT name, expected, found,
       1 + max(ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'match_events'), 0),
               ifnull((SELECT max(id) FROM match_events), 0)),
       (SELECT message FROM whole)
FROM (SELECT 1) LEFT JOIN problem
LIMIT 1;
