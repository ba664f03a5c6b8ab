-- statsbomb: the events of one match, as github.com/statsbomb/open-data has them
--
-- The document, ?1, is an events file, an array of events in their order (index):
--
--     [{"index": 1, "period": 1, "timestamp": "00:00:00.000", "minute": 0, "second": 0,
--       "type": {"name": "Starting XI"}, "possession_team": {"name": "Argentina"},
--       "team": {"name": "Argentina"}}, ...
--      {"period": 1, "timestamp": "00:22:09.150", "minute": 22, "second": 9, "type": {"name": "Shot"},
--       "team": {"name": "Argentina"}, "player": {"name": "Lionel Messi"},
--       "shot": {"outcome": {"name": "Goal"}, "type": {"name": "Penalty"}}}, ...]
--
-- A timestamp counts from the beginning of its period, unlike minute and second; period 5 is the
-- shoot-out.  The format uses Half Start and Half End, shots that are goals or penalties,
-- own goals, cards (of Foul Committed and Bad Behaviour) and substitutions; line-ups (the tactics of
-- Starting XI), and numbers of shots and fouls.  An own goal is
-- two events, Own Goal Against of the player and Own Goal For of the side it counts for:
-- they must agree.  The file has no final score to check against, no date, and no home
-- side: the side whose Starting XI comes first is taken as the home side.
--
-- The match id is the file's name, ?2, which is the match's number in the source.  Half-time is 15
-- minutes, the break before extra time 5, within it 1, before the shoot-out 5.
WITH RECURSIVE
slug(rest, text) AS (
    SELECT substr(lower(?2), 1, 40), ''
    UNION ALL
    SELECT substr(rest, 2), text || iif(substr(rest, 1, 1) GLOB '[a-z0-9]', substr(rest, 1, 1), '-')
    FROM slug
    WHERE rest <> ''),
event AS MATERIALIZED (
    SELECT key, value ->> '$.type.name' AS type, value ->> '$.team.name' AS team,
           value ->> '$.period' AS period, value ->> '$.minute' AS minute, value ->> '$.second' AS second,
           3600 * substr(value ->> '$.timestamp', 1, 2) + 60 * substr(value ->> '$.timestamp', 4, 2)
           + substr(value ->> '$.timestamp', 7) AS seconds,
           value ->> '$.player.name' AS player,
           value ->> '$.shot.outcome.name' AS outcome, value ->> '$.shot.type.name' AS kind,
           coalesce(value ->> '$.foul_committed.card.name', value ->> '$.bad_behaviour.card.name') AS card,
           value ->> '$.substitution.replacement.name' AS replacement, value -> '$.tactics' AS tactics
    FROM json_each(?1)
    WHERE value ->> '$.type.name' IN ('Starting XI', 'Half Start', 'Half End', 'Shot', 'Own Goal Against', 'Own Goal For',
                                      'Foul Committed', 'Bad Behaviour', 'Substitution')),
side AS (
    SELECT (SELECT team FROM event WHERE type = 'Starting XI' ORDER BY key LIMIT 1) AS home,
           (SELECT team FROM event WHERE type = 'Starting XI' ORDER BY key LIMIT 1 OFFSET 1) AS away,
           max(period) AS periods
    FROM event),
-- Line-ups and statistics, for the last update.
sheet AS MATERIALIZED (
    SELECT json_group_object(iif(team = home, 'home', 'away'), json_object(
               'formation', tactics ->> '$.formation',
               'starting', (SELECT json_group_array(json_object('number', value ->> '$.jersey_number', 'name', value ->> '$.player.name',
                                                                'position', value ->> '$.position.name'))
                            FROM json_each(tactics, '$.lineup'))))
           FILTER (WHERE type = 'Starting XI' AND tactics IS NOT NULL) AS lineups,
           json_object('shots', json_object('home', count(*) FILTER (WHERE type = 'Shot' AND period < 5 AND team = home),
                                            'away', count(*) FILTER (WHERE type = 'Shot' AND period < 5 AND team = away)),
                       'shots_on_target', json_object('home', count(*) FILTER (WHERE on_target AND team = home), 'away', count(*) FILTER (WHERE on_target AND team = away)),
                       'fouls', json_object('home', count(*) FILTER (WHERE type = 'Foul Committed' AND team = home),
                                            'away', count(*) FILTER (WHERE type = 'Foul Committed' AND team = away))) AS statistics
    FROM (SELECT *, type = 'Shot' AND period < 5 AND outcome IN ('Goal', 'Saved', 'Saved to Post') AS on_target FROM event), side),
-- When each period begins, in seconds after the kick-off.
lasting AS (SELECT period, max(seconds) AS seconds FROM event GROUP BY period),
begin AS MATERIALIZED (
    SELECT period,
           ifnull(sum(seconds + CASE period WHEN 1 THEN 900 WHEN 3 THEN 60 ELSE 300 END)
                  OVER (ORDER BY period ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS at
    FROM lasting),
told AS (
    SELECT *,
           CASE type
                WHEN 'Half Start' THEN iif(first, 'start', NULL)
                WHEN 'Half End' THEN iif(last AND (period IN (1, periods)), 'end', NULL)
                WHEN 'Own Goal Against' THEN 'own-goal'
                WHEN 'Substitution' THEN 'substitution'
                WHEN 'Shot' THEN CASE WHEN period = 5 THEN iif(outcome = 'Goal', 'shootout-goal', 'shootout-miss')
                                      WHEN kind = 'Penalty' THEN iif(outcome = 'Goal', 'penalty', 'missed-penalty')
                                      WHEN outcome = 'Goal' THEN 'goal' END
                ELSE CASE card WHEN 'Yellow Card' THEN 'yellow-card' WHEN 'Second Yellow' THEN 'second-yellow'
                               WHEN 'Red Card' THEN 'red-card' END END AS what
    FROM (SELECT *, row_number() OVER (PARTITION BY type, period ORDER BY key) = 1 AS first,
                 row_number() OVER (PARTITION BY type, period ORDER BY key DESC) = 1 AS last
          FROM event), side),
length(period, regular) AS (VALUES (1, 45), (2, 90), (3, 105), (4, 120), (5, 120)),
-- An own goal belongs to its player, and counts for the other side.
step AS (
    SELECT *, iif((team = home) = (what <> 'own-goal'), 'home', 'away') AS counts_for,
           CASE WHEN period = 5 THEN iif(EXISTS (SELECT * FROM begin AS b WHERE b.period = 3), '120', '90')
                WHEN what = 'start' THEN minute || ''
                WHEN minute >= regular THEN regular || iif(minute > regular OR second > 0, '+' || (minute - regular + 1), '')
                ELSE minute || printf(':%02d', second) END AS clock
    FROM told JOIN length USING (period)
    WHERE what IS NOT NULL),
course AS (
    SELECT *,
           count(*) FILTER (WHERE counts_for = 'home' AND what IN ('goal', 'penalty', 'own-goal')) OVER so_far AS home_now,
           count(*) FILTER (WHERE counts_for = 'away' AND what IN ('goal', 'penalty', 'own-goal')) OVER so_far AS away_now,
           count(*) FILTER (WHERE counts_for = 'home' AND what = 'shootout-goal') OVER so_far AS home_kicks,
           count(*) FILTER (WHERE counts_for = 'away' AND what = 'shootout-goal') OVER so_far AS away_kicks
    FROM step
    WINDOW so_far AS (ORDER BY key ROWS UNBOUNDED PRECEDING))
SELECT json_patch(
           json_object('match_id', 'statsbomb-' || (SELECT text FROM slug WHERE rest = ''),
                       'home_team', home, 'away_team', away,
                       'score', json_object('home', home_now, 'away', away_now), 'time', clock,
                       'status', iif(what = 'end',
                                     CASE period WHEN 1 THEN 'Half Time' WHEN 2 THEN 'Full Time'
                                                 WHEN 5 THEN 'After Penalties' ELSE 'After Extra Time' END,
                                     CASE period WHEN 1 THEN 'First Half' WHEN 2 THEN 'Second Half'
                                                 WHEN 5 THEN 'Penalty Shoot-out' ELSE 'Extra Time' END),
                       'events', iif(what IN ('start', 'end'), json('[]'),
                           json_array(json_patch(
                               json_object('time', clock, 'type', what, 'team', counts_for),
                               json_object('player', ifnull(replacement, player),
                                           'replaces', iif(replacement IS NULL, NULL, player)))))),
           json_patch(iif(period = 5, json_object('shootout', json_object('home', home_kicks, 'away', away_kicks)), '{}'),
                      iif(key = (SELECT max(key) FROM step),
                          (SELECT json_object('lineups', json(nullif(lineups, '{}')), 'statistics', json(statistics)) FROM sheet), '{}'))),
       NULL,
       at + seconds,
       CASE WHEN away IS NULL THEN 'expected two events of the type Starting XI, which name the sides'
            WHEN (SELECT count(*) FILTER (WHERE type = 'Own Goal For')
                         <> count(*) FILTER (WHERE type = 'Own Goal Against') FROM event)
            THEN 'an Own Goal For and its Own Goal Against do not agree' END
FROM course JOIN begin USING (period)
ORDER BY key;
