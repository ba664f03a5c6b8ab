-- football-data: matches as the API of football-data.org gives them, version 4
--
-- The document, ?1, is a match resource, or an object with an array of them in "matches":
--
--     {"id": 391912, "competition": {"name": "FIFA World Cup"}, "utcDate": "2022-12-09T19:00:00Z", "status": "FINISHED",
--      "homeTeam": {"id": 8601, "name": "Netherlands"}, "awayTeam": {"id": 762, "name": "Argentina"},
--      "score": {"duration": "PENALTY_SHOOTOUT", "fullTime": {"home": 5, "away": 6},
--                "halfTime": {"home": 0, "away": 1}, "regularTime": {"home": 2, "away": 2},
--                "extraTime": {"home": 0, "away": 0}, "penalties": {"home": 3, "away": 4}},
--      "goals": [{"minute": 90, "injuryTime": 11, "type": "REGULAR" or "OWN" or "PENALTY",
--                 "team": {"id": 8601}, "scorer": {"name": "Wout Weghorst"}, "assist": {"name": ...},
--                 "score": {"home": 2, "away": 2}}],
--      "bookings": [{"minute": 43, "team": {"id": 8601}, "player": {"name": "Jurrien Timber"},
--                    "card": "YELLOW" or "YELLOW_RED" or "RED"}],
--      "substitutions": [{"minute": 46, "team": {"id": 8601}, "playerOut": {...}, "playerIn": {...}}]}
--
-- fullTime counts the kicks of a shoot-out too, extraTime only the goals of extra time.  A
-- goal counts for the side whose number it moves in its own "score" and, if it has none,
-- for its "team".  Who may not see goals gets none: then the half-time and the final score
-- make the course.  The breaks are as long as sql/import/openfootball.sql has them.
--
-- A match in play is told up to now, one that was called off by its status alone.
WITH
entry(place, m) AS (
    SELECT key, value
    FROM json_each(iif(json_type(?1, '$.matches') = 'array', ?1 -> '$.matches', json_array(json(?1))))),
told AS (
    SELECT place, m, 'football-data-' || (m ->> '$.id') AS id,
           ifnull(m ->> '$.homeTeam.name', 'To be decided') AS home, m ->> '$.homeTeam.id' AS home_id,
           ifnull(m ->> '$.awayTeam.name', 'To be decided') AS away,
           m ->> '$.utcDate' AS kickoff, m ->> '$.status' AS state,
           m ->> '$.score.duration' IS 'PENALTY_SHOOTOUT' AS shootout,
           m ->> '$.score.duration' IS 'EXTRA_TIME'
           OR (m ->> '$.score.duration' IS 'PENALTY_SHOOTOUT'
               AND (m ->> '$.score.extraTime.home' IS NOT NULL OR m ->> '$.score.regularTime.home' IS NULL)) AS extra,
           m ->> '$.score.halfTime.home' AS home_ht, m ->> '$.score.halfTime.away' AS away_ht,
           m ->> '$.score.regularTime.home' AS home_rt, m ->> '$.score.regularTime.away' AS away_rt,
           m ->> '$.score.penalties.home' AS home_p, m ->> '$.score.penalties.away' AS away_p,
           -- what the shoot-out decided is level in fullTime where its kicks are not counted
           m ->> '$.score.fullTime.home' = m ->> '$.score.fullTime.away' AS level
    FROM entry),
match AS MATERIALIZED (
    SELECT *,
           CASE WHEN NOT shootout OR level THEN m ->> '$.score.fullTime.home'
                ELSE coalesce(home_rt + ifnull(m ->> '$.score.extraTime.home', 0),
                              (m ->> '$.score.fullTime.home') - home_p) END AS home_final,
           CASE WHEN NOT shootout OR level THEN m ->> '$.score.fullTime.away'
                ELSE coalesce(away_rt + ifnull(m ->> '$.score.extraTime.away', 0),
                              (m ->> '$.score.fullTime.away') - away_p) END AS away_final,
           ifnull(json_array_length(m, '$.goals'), 0) > 0 AS has_goals,
           state IN ('LIVE', 'IN_PLAY', 'PAUSED', 'EXTRA_TIME', 'PENALTY_SHOOTOUT', 'FINISHED',
                     'SUSPENDED')
           AND m ->> '$.score.fullTime.home' IS NOT NULL AS started
    FROM told),
-- Goals, cards and substitutions: of which side, in which minute of play and of stoppage.
fact AS (
    SELECT match.id, 1 AS rank, goal.key,
           CASE WHEN goal.value ->> '$.score.home' > lag(goal.value ->> '$.score.home', 1, 0) OVER next_goal THEN 'home'
                WHEN goal.value ->> '$.score.away' > lag(goal.value ->> '$.score.away', 1, 0) OVER next_goal THEN 'away'
                WHEN goal.value ->> '$.team.id' = home_id THEN 'home' ELSE 'away' END AS side,
           CASE goal.value ->> '$.type' WHEN 'OWN' THEN 'own-goal' WHEN 'PENALTY' THEN 'penalty' ELSE 'goal' END AS type,
           goal.value ->> '$.minute' AS minute, ifnull(goal.value ->> '$.injuryTime', 0) AS stoppage,
           json_object('player', goal.value ->> '$.scorer.name') AS who,
           json_object('assist', goal.value ->> '$.assist.name') AS more
    FROM match, json_each(m, '$.goals') AS goal
    WHERE started AND goal.type = 'object'
    WINDOW next_goal AS (PARTITION BY match.id ORDER BY goal.key)
    UNION ALL
    SELECT match.id, 2, card.key, iif(card.value ->> '$.team.id' = home_id, 'home', 'away'),
           CASE card.value ->> '$.card' WHEN 'YELLOW' THEN 'yellow-card'
                WHEN 'YELLOW_RED' THEN 'second-yellow' ELSE 'red-card' END,
           card.value ->> '$.minute', ifnull(card.value ->> '$.injuryTime', 0),
           json_object('player', card.value ->> '$.player.name'), '{}'
    FROM match, json_each(m, '$.bookings') AS card
    WHERE started AND card.type = 'object'
    UNION ALL
    SELECT match.id, 3, change.key, iif(change.value ->> '$.team.id' = home_id, 'home', 'away'), 'substitution',
           change.value ->> '$.minute', ifnull(change.value ->> '$.injuryTime', 0),
           json_object('player', change.value ->> '$.playerIn.name'),
           json_object('replaces', change.value ->> '$.playerOut.name')
    FROM match, json_each(m, '$.substitutions') AS change
    WHERE started AND change.type = 'object'),
event AS MATERIALIZED (
    SELECT fact.*, rank = 1 AS goal, minute || iif(stoppage > 0, '+' || stoppage, '') AS clock,
           CASE WHEN minute <= 45 THEN 1 WHEN minute <= 90 OR NOT extra THEN 2
                WHEN minute <= 105 THEN 3 ELSE 4 END AS period
    FROM fact JOIN match USING (id)),
-- When periods begin, in minutes after the kick-off.
stoppage AS (
    SELECT id,
           ifnull(max(stoppage) FILTER (WHERE period = 1), 0) AS s1,
           ifnull(max(stoppage + max(0, minute - 90)) FILTER (WHERE period = 2), 0) AS s2,
           ifnull(max(stoppage) FILTER (WHERE period = 3), 0) AS s3,
           ifnull(max(stoppage) FILTER (WHERE period = 4), 0) AS s4,
           count(*) FILTER (WHERE goal AND side = 'home') AS home_goals,
           count(*) FILTER (WHERE goal AND side = 'away') AS away_goals
    FROM match LEFT JOIN event USING (id)
    GROUP BY id),
begin AS MATERIALIZED (
    SELECT *, s1 + 60 AS p2, s1 + s2 + 110 AS p3, s1 + s2 + s3 + 130 AS p4,
           s1 + s2 + iif(extra, s3 + s4 + 150, 110) AS p5,
           home_ht IS NOT NULL OR (state = 'FINISHED' AND has_goals) AS half_over
    FROM match JOIN stoppage USING (id)),
-- What happens: when, what comes first at the same time, the clock and the status then.
-- home and away: the score where nobody tells the goals; kicks: the shoot-out's.
step(id, minutes, rank, clock, status, event, goal, key, home, away, kicks) AS (
    SELECT id, 0, 0, '0', 'First Half', NULL, NULL, 0, 0, 0, NULL
    FROM begin WHERE started
    UNION ALL
    SELECT id,
           CASE period WHEN 1 THEN 0 WHEN 2 THEN p2 - 45 WHEN 3 THEN p3 - 90 ELSE p4 - 105 END
           + minute + stoppage,
           rank, clock,
           CASE period WHEN 1 THEN 'First Half' WHEN 2 THEN 'Second Half' ELSE 'Extra Time' END,
           json_patch(json_patch(json_object('time', clock, 'type', type, 'team', side), who), more),
           iif(goal, side, NULL), key, home_ht, away_ht, NULL
    FROM event JOIN begin USING (id)
    UNION ALL
    SELECT id, 45 + s1, 4, '45' || iif(s1 > 0, '+' || s1, ''), 'Half Time', NULL, NULL, 0, home_ht, away_ht, NULL
    FROM begin WHERE started AND half_over
    UNION ALL
    SELECT id, p2, 0, '45', 'Second Half', NULL, NULL, 0, home_ht, away_ht, NULL
    FROM begin WHERE started AND half_over AND (state <> 'PAUSED' OR extra)
    UNION ALL
    SELECT id, p3, 0, '90', 'Extra Time', NULL, NULL, 0, home_rt, away_rt, NULL
    FROM begin WHERE started AND extra
    UNION ALL
    SELECT id, p5, 0, iif(extra, '120', '90'), 'Penalty Shoot-out', NULL, NULL, 0, home_final, away_final,
           json_object('home', 0, 'away', 0)
    FROM begin WHERE started AND shootout
    UNION ALL
    SELECT id, iif(shootout, p5 + 10, p5 - 5), 5,
           iif(extra, '120' || iif(s4 > 0, '+' || s4, ''), '90' || iif(s2 > 0, '+' || s2, '')),
           CASE WHEN shootout THEN 'After Penalties' WHEN extra THEN 'After Extra Time' ELSE 'Full Time' END,
           NULL, NULL, 0, home_final, away_final,
           iif(shootout, json_object('home', home_p, 'away', away_p), NULL)
    FROM begin WHERE started AND state = 'FINISHED'
    UNION ALL
    SELECT id, p5 - 5, 5, '', 'Suspended', NULL, NULL, 0, home_final, away_final, NULL
    FROM begin WHERE started AND state = 'SUSPENDED'
    UNION ALL
    SELECT id, 0, 0, '',
           CASE state WHEN 'TIMED' THEN 'Scheduled'
                ELSE upper(substr(state, 1, 1)) || lower(substr(state, 2)) END,
           NULL, NULL, 0, home_final, away_final, NULL
    FROM begin WHERE NOT started),
course AS (
    SELECT *, count(*) FILTER (WHERE goal = 'home') OVER so_far AS home_now,
           count(*) FILTER (WHERE goal = 'away') OVER so_far AS away_now
    FROM step
    WINDOW so_far AS (PARTITION BY id ORDER BY minutes, rank, key ROWS UNBOUNDED PRECEDING))
SELECT json_patch(
           json_object('match_id', id, 'home_team', begin.home, 'away_team', begin.away,
                       'score', json_object('home', iif(has_goals, home_now, ifnull(course.home, 0)),
                                            'away', iif(has_goals, away_now, ifnull(course.away, 0))),
                       'time', clock, 'status', status,
                       'events', iif(event IS NULL, json('[]'), json_array(json(event)))),
           json_object('competition', coalesce(m ->> '$.competition.name', ?1 ->> '$.competition.name'),
                       'starts_at', kickoff, 'shootout', json(kicks))),
       kickoff,
       60 * minutes,
       iif(started AND has_goals AND (home_goals, away_goals) <> (home_final, away_final),
           printf('%s - %s%s: its goals make %d:%d, its score says %d:%d', begin.home, begin.away,
                  ' on ' || substr(kickoff, 1, 10), home_goals, away_goals, home_final, away_final), NULL)
FROM course JOIN begin USING (id)
ORDER BY place, minutes, rank, key;
