-- openfootball: results of World Cups and leagues, as github.com/openfootball has them
--
-- The document, ?1, is a tournament.  These layouts are known, by the years in which they
-- were written; a document may mix them:
--
--     {"name": "World Cup 2022", "matches": [{"round": "Final", "date": "2022-12-18",
--      "time": "18:00", "team1": "Argentina", "team2": "France",
--      "score": {"p": [4, 2], "et": [3, 3], "ft": [2, 2], "ht": [2, 0]},
--      "goals1": [{"name": "Lionel Messi", "minute": 23, "penalty": true}, ...], "goals2": [...]}]}
--
--     {"name": "World Cup 2018", "rounds": [{"name": "Final", "matches": [{"date": "2018-07-15",
--      "time": "18:00", "timezone": "UTC+3", "team1": {"name": "France", "code": "FRA"},
--      "score1": 4, "score2": 2, "score1i": 2, "score2i": 1, "score1et": null, "score1p": null,
--      "goals1": [{"name": "Mario Mandzukic", "minute": 18, "owngoal": true, "score1": 1}], ...}]}]}
--
-- A minute is a number, 90, with "offset": 4 for stoppage, or a string, "90+4".  A score is
-- an object, or just [2, 0].  A time may end in a zone: "13:00 UTC-6", "20:45 CET"; where
-- there is none, it is taken for UTC, and starts_at is left out.  goals1 are the goals that
-- count for team1, own goals of team2 included.  et counts the goals of all 120 minutes, p
-- those of the shoot-out only.
--
-- Of a result the course is made: the kick-off, each goal with the score it makes, the
-- breaks, extra time, the shoot-out (whose kicks nobody tells), the end.  A goal's minute
-- tells when it fell.  Half-time is 15 minutes, the other breaks 5.  A match without goals1
-- and goals2 goes by its half-time and final score.  One without a score is scheduled.
WITH RECURSIVE
entry(place, m) AS (
    SELECT key, value FROM json_each(?1, '$.matches')
    UNION ALL
    SELECT 10000 * round.key + match.key, match.value
    FROM json_each(?1, '$.rounds') AS round, json_each(round.value, '$.matches') AS match),
-- The tournament's name as part of an id: "World Cup 2022" as world-cup-2022.
slug(rest, text) AS (
    SELECT substr(lower(ifnull(?1 ->> '$.name', '')), 1, 40), ''
    UNION ALL
    SELECT substr(rest, 2),
           text || CASE WHEN substr(rest, 1, 1) GLOB '[a-z0-9]' THEN substr(rest, 1, 1)
                        WHEN text = '' OR text GLOB '*-' THEN '' ELSE '-' END
    FROM slug
    WHERE rest <> ''),
told AS MATERIALIZED (
    SELECT (SELECT ifnull(nullif(rtrim(text, '-'), ''), 'match') FROM slug WHERE rest = '')
           || '-' || row_number() OVER (ORDER BY place) AS id,
           place, m,
           coalesce(m ->> '$.team1.name', m ->> '$.team1') AS home,
           coalesce(m ->> '$.team2.name', m ->> '$.team2') AS away,
           coalesce(m ->> '$.score.ht[0]', m ->> '$.score1i') + 0 AS home_ht,
           coalesce(m ->> '$.score.ht[1]', m ->> '$.score2i') + 0 AS away_ht,
           coalesce(m ->> '$.score.ft[0]', m ->> '$.score[0]', m ->> '$.score1') + 0 AS home_ft,
           coalesce(m ->> '$.score.ft[1]', m ->> '$.score[1]', m ->> '$.score2') + 0 AS away_ft,
           coalesce(m ->> '$.score.et[0]', m ->> '$.score1et') + 0 AS home_et,
           coalesce(m ->> '$.score.et[1]', m ->> '$.score2et') + 0 AS away_et,
           coalesce(m ->> '$.score.p[0]', m ->> '$.score1p') + 0 AS home_p,
           coalesce(m ->> '$.score.p[1]', m ->> '$.score2p') + 0 AS away_p,
           'array' IN (json_type(m, '$.goals1'), json_type(m, '$.goals2')) AS has_goals,
           m ->> '$.date' AS date,
           replace(substr(m ->> '$.time', 1, 5), '.', ':') AS time,
           replace(coalesce(nullif(trim(substr(m ->> '$.time', 6)), ''), m ->> '$.timezone'), 'UTC', '') AS zone
    FROM entry),
match AS MATERIALIZED (
    SELECT *,
           coalesce(home_et, home_ft) AS home_final, coalesce(away_et, away_ft) AS away_final,
           home_et IS NOT NULL AS extra, home_p IS NOT NULL AS shootout,
           -- as UTC: the date and time, less what the zone is ahead
           strftime('%Y-%m-%dT%H:%M:%SZ', date || ' ' || ifnull(time, '00:00'),
                    printf('%+d minutes', -CASE ifnull(zone, '') WHEN 'CET' THEN 60 WHEN 'CEST' THEN 120
                           WHEN 'BST' THEN 60 WHEN 'EET' THEN 120 WHEN 'EEST' THEN 180
                           ELSE 60 * CAST(zone AS INTEGER)
                                + iif(zone GLOB '*:[0-9][0-9]',
                                      CAST(substr(zone, 1, 1) || substr(zone, -2) AS INTEGER), 0)
                           END)) AS kickoff
    FROM told),
-- Goals: the minute of play, and of stoppage after it.
goal AS MATERIALIZED (
    SELECT id, side, key, name, type, running, minute, stoppage,
           minute || iif(stoppage > 0, '+' || stoppage, '') AS clock,
           CASE WHEN minute <= 45 THEN 1 WHEN minute <= 90 OR NOT extra THEN 2
                WHEN minute <= 105 THEN 3 ELSE 4 END AS period
    FROM (SELECT id, extra, side, key, goal ->> '$.name' AS name,
                 CASE WHEN goal ->> '$.owngoal' THEN 'own-goal'
                      WHEN goal ->> '$.penalty' THEN 'penalty' ELSE 'goal' END AS type,
                 (goal ->> '$.score1') + (goal ->> '$.score2') AS running,
                 ifnull(CAST(goal ->> '$.minute' AS INTEGER), 90) AS minute,
                 coalesce(goal ->> '$.offset',
                          CAST(substr(goal ->> '$.minute', nullif(instr(goal ->> '$.minute', '+'), 0) + 1)
                               AS INTEGER), 0) AS stoppage
          FROM (SELECT match.id, extra, 'home' AS side, key, value AS goal
                FROM match, json_each(m, '$.goals1') WHERE type = 'object'
                UNION ALL
                SELECT match.id, extra, 'away', key, value
                FROM match, json_each(m, '$.goals2') WHERE type = 'object'))),
-- When periods begin, in minutes after the kick-off: each is as long as the goals in its
-- stoppage time ask for.
stoppage AS (
    SELECT id,
           ifnull(max(stoppage) FILTER (WHERE period = 1), 0) AS s1,
           ifnull(max(stoppage + max(0, minute - 90)) FILTER (WHERE period = 2), 0) AS s2,
           ifnull(max(stoppage) FILTER (WHERE period = 3), 0) AS s3,
           ifnull(max(stoppage) FILTER (WHERE period = 4), 0) AS s4,
           count(*) FILTER (WHERE side = 'home') AS home_goals,
           count(*) FILTER (WHERE side = 'away') AS away_goals
    FROM match LEFT JOIN goal USING (id)
    GROUP BY id),
begin AS MATERIALIZED (
    SELECT *, s1 + 60 AS p2, s1 + s2 + 110 AS p3, s1 + s2 + s3 + 130 AS p4,
           s1 + s2 + iif(extra, s3 + s4 + 150, 110) AS p5
    FROM match JOIN stoppage USING (id)),
-- What happens: when, what comes first at the same time, the clock and the status then.
-- home and away: the score, for those whose goals nobody tells; kicks: the shoot-out's.
step(id, minutes, rank, clock, status, event, side, running, key, home, away, kicks) AS (
    SELECT id, 0, 0, '0', 'First Half', NULL, NULL, 0, 0, 0, 0, NULL
    FROM begin WHERE home_final IS NOT NULL
    UNION ALL
    SELECT id,
           CASE period WHEN 1 THEN 0 WHEN 2 THEN p2 - 45 WHEN 3 THEN p3 - 90 ELSE p4 - 105 END
           + minute + stoppage,
           1, clock,
           CASE period WHEN 1 THEN 'First Half' WHEN 2 THEN 'Second Half' ELSE 'Extra Time' END,
           json_object('time', clock, 'type', type, 'team', side, 'player', name),
           side, running, key, NULL, NULL, NULL
    FROM goal JOIN begin USING (id)
    WHERE home_final IS NOT NULL
    UNION ALL
    SELECT id, 45 + s1, 2, '45' || iif(s1 > 0, '+' || s1, ''), 'Half Time', NULL, NULL, 0, 0,
           home_ht, away_ht, NULL
    FROM begin WHERE home_final IS NOT NULL AND (has_goals OR home_ht IS NOT NULL OR home_final + away_final = 0)
    UNION ALL
    SELECT id, p2, 0, '45', 'Second Half', NULL, NULL, 0, 0, home_ht, away_ht, NULL
    FROM begin WHERE home_final IS NOT NULL AND (has_goals OR home_ht IS NOT NULL OR home_final + away_final = 0)
    UNION ALL
    SELECT id, p3, 0, '90', 'Extra Time', NULL, NULL, 0, 0, home_ft, away_ft, NULL
    FROM begin WHERE extra
    UNION ALL
    SELECT id, p5, 0, iif(extra, '120', '90'), 'Penalty Shoot-out', NULL, NULL, 0, 0,
           home_final, away_final, json_object('home', 0, 'away', 0)
    FROM begin WHERE home_final IS NOT NULL AND shootout
    UNION ALL
    SELECT id, iif(shootout, p5 + 10, p5 - 5), 3,
           iif(extra, '120' || iif(s4 > 0, '+' || s4, ''), '90' || iif(s2 > 0, '+' || s2, '')),
           CASE WHEN shootout THEN 'After Penalties' WHEN extra THEN 'After Extra Time' ELSE 'Full Time' END,
           NULL, NULL, 0, 0, home_final, away_final,
           iif(shootout, json_object('home', home_p, 'away', away_p), NULL)
    FROM begin WHERE home_final IS NOT NULL
    UNION ALL
    SELECT id, 0, 0, '', 'Scheduled', NULL, NULL, 0, 0, 0, 0, NULL
    FROM begin WHERE home_final IS NULL),
course AS (
    SELECT *,
           count(*) FILTER (WHERE side = 'home') OVER so_far AS home_now,
           count(*) FILTER (WHERE side = 'away') OVER so_far AS away_now
    FROM step
    WINDOW so_far AS (PARTITION BY id ORDER BY minutes, rank, running, side DESC, key
                      ROWS UNBOUNDED PRECEDING))
SELECT json_patch(
           json_object('match_id', id, 'home_team', begin.home, 'away_team', begin.away,
                       'score', json_object('home', iif(has_goals, home_now, ifnull(course.home, 0)),
                                            'away', iif(has_goals, away_now, ifnull(course.away, 0))),
                       'time', clock, 'status', status,
                       'events', iif(event IS NULL, json('[]'), json_array(json(event)))),
           json_object('competition', ?1 ->> '$.name', 'starts_at', iif(zone IS NULL, NULL, kickoff),
                       'shootout', json(kicks))),
       kickoff,
       60 * minutes,
       iif(has_goals AND (home_goals <> home_final OR away_goals <> away_final),
           printf('%s - %s%s: its goals make %d:%d, its score says %d:%d',
                  begin.home, begin.away, ' on ' || date, home_goals, away_goals, home_final, away_final), NULL)
FROM course JOIN begin USING (id)
ORDER BY place, minutes, rank, running, side DESC, key;
