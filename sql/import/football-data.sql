-- football-data: matches as the API of football-data.org gives them, version 4
--
-- The document, ?1, is a match resource, or an object with an array of them in "matches":
--
--     {"id": 391912, "competition": {"name": "FIFA World Cup"}, "season": {"startDate": "2022-11-20", "endDate": "2022-12-18"},
--      "stage": "QUARTER_FINALS", "group": null, "venue": "Lusail Stadium", "utcDate": "2022-12-09T19:00:00Z", "status": "FINISHED",
--      "homeTeam": {"id": 8601, "name": "Netherlands"}, "awayTeam": {"id": 762, "name": "Argentina"},
--      "score": {"duration": "PENALTY_SHOOTOUT", "fullTime": {"home": 5, "away": 6},
--                "halfTime": {"home": 0, "away": 1}, "regularTime": {"home": 2, "away": 2},
--                "extraTime": {"home": 0, "away": 0}, "penalties": {"home": 3, "away": 4}},
--      "goals": [{"minute": 90, "injuryTime": 11, "type": "REGULAR" or "OWN" or "PENALTY",
--                 "team": {"id": 8601}, "scorer": {"name": "Wout Weghorst"}, "assist": {"name": ...},
--                 "score": {"home": 2, "away": 2}}],
--      "bookings": [{"minute": 43, "team": {"id": 8601}, "player": {"name": "Jurrien Timber"},
--                    "card": "YELLOW" or "YELLOW_RED" or "RED"}],
--      "homeTeam": {..., "formation": "4-3-3", "coach": {"name": ...}, "statistics": {"ball_possession": 54, ...},
--                   "lineup": [{"name": ..., "position": ..., "shirtNumber": 1}], "bench": [...]} on some plans,
--      "substitutions": [{"minute": 46, "team": {"id": 8601}, "playerOut": {...}, "playerIn": {...}}]}
--
-- fullTime is the current score, including the kicks of a shoot-out; extraTime has only the goals of
-- extra time.  So the score is fullTime minus penalties, and must equal regularTime plus extraTime
-- where both are given; missing penalties are computed from the rest.  A goal counts for the side
-- whose number changes in its "score" or, without one, for its "team".  Some plans have no goals:
-- then the course comes from the half-time and the final score.  Breaks last as long as in
-- openfootball.sql.
--
-- The table statuses says what a status means; an unlisted one is passed on, and is live if the match has a
-- minute.  A match in play is reported up to now: its clock is minute and injuryTime, its score fullTime,
-- whatever goals are listed by then.  A match called off or awarded has only its status.  {"matches": []}
-- is a day without matches.
WITH
entry(place, m) AS (
    SELECT key, value
    FROM json_each(iif(json_type(?1, '$.matches') = 'array', ?1 -> '$.matches', json_array(json(?1))))),
told AS (
    SELECT place, m, ifnull('football-data-' || (m ->> '$.id'), 'match ' || place) AS id,
           ifnull(m ->> '$.homeTeam.name', 'To be decided') AS home, m ->> '$.homeTeam.id' AS home_id,
           ifnull(m ->> '$.awayTeam.name', 'To be decided') AS away,
           m ->> '$.utcDate' AS kickoff, m ->> '$.status' AS said,
           word, ifnull(state, iif(m ->> '$.minute' IS NULL, 'upcoming', 'live')) AS state, event AS news,
           CAST(m ->> '$.minute' AS INTEGER) AS minute,
           ifnull(nullif(CAST(m ->> '$.injuryTime' AS INTEGER), 0),
                  CAST(substr(m ->> '$.minute', nullif(instr(m ->> '$.minute', '+'), 0) + 1) AS INTEGER)) AS injury,
           m ->> '$.score.duration' IS 'PENALTY_SHOOTOUT' OR event IS 'shootout' AS shootout,
           m ->> '$.score.duration' IS 'EXTRA_TIME' OR event IS 'extra-time'
           OR (m ->> '$.score.duration' IS 'PENALTY_SHOOTOUT'
               AND (m ->> '$.score.extraTime.home' IS NOT NULL OR m ->> '$.score.regularTime.home' IS NULL)) AS extra,
           m ->> '$.score.fullTime.home' AS home_full, m ->> '$.score.fullTime.away' AS away_full,
           m ->> '$.score.halfTime.home' AS home_ht, m ->> '$.score.halfTime.away' AS away_ht,
           m ->> '$.score.regularTime.home' AS home_rt, m ->> '$.score.regularTime.away' AS away_rt,
           (m ->> '$.score.regularTime.home') + ifnull(m ->> '$.score.extraTime.home', 0) AS home_play,
           (m ->> '$.score.regularTime.away') + ifnull(m ->> '$.score.extraTime.away', 0) AS away_play,
           m ->> '$.score.penalties.home' AS home_told, m ->> '$.score.penalties.away' AS away_told
    FROM entry LEFT JOIN statuses ON word = replace(replace(replace(lower(m ->> '$.status'), ' ', ''), '-', ''), '_', '')),
-- The kicks of a shoot-out: as given, or the difference between fullTime and the score of play.  A level fullTime
-- after a shoot-out does not include the kicks.
kicked AS (
    SELECT *,
           NOT shootout OR (news IS 'fulltime' AND home_full = away_full) AS uncounted,
           iif(shootout, coalesce(home_told, home_full - home_play, iif(home_full = away_full, 0, NULL)), NULL) AS home_p,
           iif(shootout, coalesce(away_told, away_full - away_play, iif(home_full = away_full, 0, NULL)), NULL) AS away_p
    FROM told),
match AS MATERIALIZED (
    SELECT *,
           iif(uncounted, home_full, home_full - home_p) AS home_final,
           iif(uncounted, away_full, away_full - away_p) AS away_final,
           ifnull(json_array_length(m, '$.goals'), 0) > 0 AS has_goals,
           news IS 'fulltime' AND home_full IS NOT NULL AS ended, state = 'live' AS playing,
           (news IS 'fulltime' OR state = 'live') AND home_full IS NOT NULL AS started
    FROM kicked),
-- Line-ups and statistics, for the last update of a match.
sheet AS (
    SELECT id,
           (SELECT json_group_object(iif(key = 'homeTeam', 'home', 'away'), json_patch('{}', json_object(
                       'formation', side.value ->> '$.formation', 'coach', side.value ->> '$.coach.name',
                       'starting', (SELECT json_group_array(json_patch('{}', json_object(
                                               'number', player.value ->> '$.shirtNumber', 'name', player.value ->> '$.name',
                                               'position', player.value ->> '$.position')))
                                    FROM json_each(side.value, '$.lineup') AS player WHERE player.type = 'object'),
                       'bench', (SELECT json_group_array(json_patch('{}', json_object(
                                            'number', player.value ->> '$.shirtNumber', 'name', player.value ->> '$.name',
                                            'position', player.value ->> '$.position')))
                                 FROM json_each(side.value, '$.bench') AS player WHERE player.type = 'object'))))
            FROM json_each(m) AS side WHERE key IN ('homeTeam', 'awayTeam')) AS lineups,
           (SELECT json_group_object(CASE home.key WHEN 'ball_possession' THEN 'possession' WHEN 'corner_kicks' THEN 'corners'
                                               WHEN 'shots_on_goal' THEN 'shots_on_target' ELSE home.key END,
                                     json_object('home', home.value, 'away', away.value))
            FROM json_each(m, '$.homeTeam.statistics') AS home JOIN json_each(m, '$.awayTeam.statistics') AS away USING (key)
            WHERE home.type IN ('integer', 'real') AND away.type IN ('integer', 'real')) AS statistics
    FROM match
    WHERE json_array_length(m, '$.homeTeam.lineup') + json_array_length(m, '$.awayTeam.lineup') > 0),
odd(id, problem) AS (
    SELECT id,
           CASE WHEN m ->> '$.id' IS NULL THEN 'expected its id'
                WHEN NOT (started OR news IS 'awarded') THEN NULL
                WHEN home_full IS NULL OR away_full IS NULL THEN iif(ended, 'a result of one side only', NULL)
                WHEN shootout AND (home_p IS NULL OR away_p IS NULL OR (ended AND home_p = away_p))
                THEN printf('its fullTime says %d:%d with the kicks of a shoot-out, but not how many there were', home_full, away_full)
                WHEN home_final < 0 OR away_final < 0 OR home_p < 0 OR away_p < 0
                THEN printf('its fullTime says %d:%d, and its kicks %d:%d', home_full, away_full, home_p, away_p)
                WHEN ended AND (shootout OR extra) AND home_play IS NOT NULL AND away_play IS NOT NULL
                     AND (home_play, away_play) <> (home_final, away_final)
                THEN printf('its fullTime%s says %d:%d, its regularTime and extraTime make %d:%d',
                            iif(shootout AND NOT uncounted, ' without the kicks', ''), home_final, away_final, home_play, away_play)
           END
    FROM match),
-- Goals, cards and substitutions: side, minute of play, and stoppage.
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
    SELECT fact.*, rank = 1 AS goal, fact.minute || iif(stoppage > 0, '+' || stoppage, '') AS clock,
           CASE WHEN fact.minute <= 45 THEN 1 WHEN fact.minute <= 90 OR NOT extra THEN 2
                WHEN fact.minute <= 105 THEN 3 ELSE 4 END AS period
    FROM fact JOIN match USING (id)),
-- When each period begins, in minutes after the kick-off.
stoppage AS (
    SELECT match.id,
           ifnull(max(stoppage) FILTER (WHERE period = 1), 0) AS s1,
           ifnull(max(stoppage + max(0, event.minute - 90)) FILTER (WHERE period = 2), 0) AS s2,
           ifnull(max(stoppage) FILTER (WHERE period = 3), 0) AS s3,
           ifnull(max(stoppage) FILTER (WHERE period = 4), 0) AS s4,
           count(*) FILTER (WHERE goal AND side = 'home') AS home_goals,
           count(*) FILTER (WHERE goal AND side = 'away') AS away_goals
    FROM match LEFT JOIN event USING (id)
    GROUP BY match.id),
begin AS MATERIALIZED (
    SELECT *, s1 + 60 AS p2, s1 + s2 + 110 AS p3, s1 + s2 + s3 + 130 AS p4,
           s1 + s2 + iif(extra, s3 + s4 + 150, 110) AS p5,
           home_ht IS NOT NULL OR (has_goals AND (ended OR minute > 45)) AS half_told,
           -- the current period: a half, extra time, or the shoot-out
           CASE WHEN NOT playing THEN NULL
                WHEN shootout THEN 5
                WHEN extra THEN iif(minute > 105, 4, 3)
                WHEN ifnull(minute > 45, home_ht IS NOT NULL) THEN 2 ELSE 1 END AS now
    FROM match JOIN stoppage USING (id) JOIN odd USING (id)),
-- What happens: the time, the order of events at that time, clock and status; rank 9 is the current
-- state.  home and away: the score where goals do not give it; kicks: the score of the shoot-out.
step(id, minutes, rank, clock, status, event, goal, key, home, away, kicks) AS (
    SELECT id, 0, 0, '0', 'First Half', NULL, NULL, 0, 0, 0, NULL
    FROM begin WHERE started
    UNION ALL
    SELECT id,
           CASE period WHEN 1 THEN 0 WHEN 2 THEN p2 - 45 WHEN 3 THEN p3 - 90 ELSE p4 - 105 END
           + event.minute + stoppage,
           rank, clock,
           CASE period WHEN 1 THEN 'First Half' WHEN 2 THEN 'Second Half' ELSE 'Extra Time' END,
           json_patch(json_patch(json_object('time', clock, 'type', type, 'team', side), who), more),
           iif(goal, side, NULL), key, iif(has_goals, NULL, home_ht), iif(has_goals, NULL, away_ht), NULL
    FROM event JOIN begin USING (id)
    UNION ALL
    SELECT id, 45 + s1, 4, '45' || iif(s1 > 0, '+' || s1, ''), 'Half Time', NULL, NULL, 0, home_ht, away_ht, NULL
    FROM begin WHERE started AND half_told
    UNION ALL
    SELECT id, p2, 0, '45', 'Second Half', NULL, NULL, 0, home_ht, away_ht, NULL
    FROM begin WHERE started AND half_told AND (news IS NOT 'halftime' OR extra)
    UNION ALL
    SELECT id, p3, 0, '90', 'Extra Time', NULL, NULL, 0, home_rt, away_rt, NULL
    FROM begin WHERE started AND extra
    UNION ALL
    SELECT id, p5, 0, iif(extra, '120', '90'), 'Penalty Shoot-out', NULL, NULL, 0, home_final, away_final,
           json_object('home', 0, 'away', 0)
    FROM begin WHERE started AND shootout AND home_final IS NOT NULL
    UNION ALL
    SELECT id, iif(shootout, p5 + 10, p5 - 5), 5,
           iif(extra, '120' || iif(s4 > 0, '+' || s4, ''), '90' || iif(s2 > 0, '+' || s2, '')),
           CASE WHEN shootout THEN 'After Penalties' WHEN extra THEN 'After Extra Time' ELSE 'Full Time' END,
           NULL, NULL, 0, home_final, away_final,
           iif(shootout, json_object('home', home_p, 'away', away_p), NULL)
    FROM begin WHERE started AND news IS 'fulltime'
    UNION ALL
    SELECT id, CASE now WHEN 1 THEN 0 WHEN 2 THEN p2 - 45 WHEN 3 THEN p3 - 90 WHEN 4 THEN p4 - 105 ELSE p5 - 120 END
               + ifnull(minute, CASE now WHEN 1 THEN 45 WHEN 2 THEN 90 ELSE 120 END) + ifnull(injury, 0), 9,
           CASE WHEN minute IS NOT NULL THEN minute || iif(injury > 0, '+' || injury, '')
                WHEN news IS 'halftime' AND NOT extra THEN '45'
                ELSE '' END,
           CASE WHEN word IS NULL THEN upper(substr(said, 1, 1)) || replace(lower(substr(said, 2)), '_', ' ')
                WHEN news IS 'suspended' THEN 'Suspended'
                WHEN now = 5 THEN 'Penalty Shoot-out'
                WHEN now >= 3 THEN iif(news IS 'halftime', 'Extra Time Break', 'Extra Time')
                WHEN news IS 'halftime' THEN 'Half Time'
                WHEN now = 2 THEN 'Second Half' ELSE 'First Half' END,
           NULL, NULL, 0, ifnull(home_final, home_full), ifnull(away_final, away_full),
           iif(home_p IS NULL, NULL, json_object('home', home_p, 'away', away_p))
    FROM begin WHERE started AND playing
    UNION ALL
    SELECT id, 0, 0, iif(playing, ifnull(minute || iif(injury > 0, '+' || injury, ''), ''), ''),
           CASE WHEN said IN ('TIMED', 'SCHEDULED') THEN 'Scheduled'
                WHEN said IN ('LIVE', 'IN_PLAY') THEN 'In Play'
                ELSE upper(substr(said, 1, 1)) || replace(lower(substr(said, 2)), '_', ' ') END,
           NULL, NULL, 0, ifnull(home_final, 0), ifnull(away_final, 0), NULL
    FROM begin WHERE NOT started),
course AS (
    SELECT *, count(*) FILTER (WHERE goal = 'home') OVER so_far AS home_now,
           count(*) FILTER (WHERE goal = 'away') OVER so_far AS away_now
    FROM step
    WINDOW so_far AS (PARTITION BY id ORDER BY rank = 9, minutes, rank, key ROWS UNBOUNDED PRECEDING))
SELECT json_patch(
           json_object('match_id', id, 'home_team', begin.home, 'away_team', begin.away,
                       'score', json_object('home', coalesce(course.home, home_now), 'away', coalesce(course.away, away_now)),
                       'time', clock, 'status', status,
                       'events', iif(event IS NULL, json('[]'), json_array(json(event)))),
           json_object('competition', coalesce(m ->> '$.competition.name', ?1 ->> '$.competition.name'),
                       'season', substr(m ->> '$.season.startDate', 1, 4)
                                 || iif(substr(m ->> '$.season.startDate', 1, 4) = substr(m ->> '$.season.endDate', 1, 4), '',
                                        ifnull('/' || substr(m ->> '$.season.endDate', 3, 2), '')),
                       'round', CASE WHEN ifnull(m ->> '$.stage' IN ('REGULAR_SEASON', 'LEAGUE_STAGE', 'GROUP_STAGE'), true)
                                     THEN 'Matchday ' || (m ->> '$.matchday')
                                     ELSE substr(m ->> '$.stage', 1, 1) || replace(lower(substr(m ->> '$.stage', 2)), '_', ' ') END,
                       'group', iif(m ->> '$.group' LIKE 'GROUP\__%' ESCAPE '\', 'Group ' || substr(m ->> '$.group', 7), m ->> '$.group'),
                       'venue', m ->> '$.venue',
                       'starts_at', iif(length(kickoff) > 10, kickoff, NULL), 'local_time', iif(length(kickoff) = 10, kickoff, NULL),
                       'shootout', json(kicks),
                       'lineups', json(iif(last, lineups, NULL)), 'statistics', json(iif(last, statistics, NULL)))),
       kickoff,
       60 * minutes,
       printf('%s - %s%s: ', begin.home, begin.away, ifnull(' on ' || substr(kickoff, 1, 10), ''))
       || coalesce(problem,
                   iif(ended AND has_goals AND (home_goals, away_goals) <> (home_final, away_final),
                       printf('its goals make %d:%d, its score says %d:%d', home_goals, away_goals, home_final, away_final), NULL))
FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY rank = 9 DESC, minutes DESC, rank DESC, key DESC) = 1 AS last
      FROM course) AS course
     JOIN begin USING (id) LEFT JOIN sheet USING (id)
ORDER BY place, rank = 9, minutes, rank, key;
