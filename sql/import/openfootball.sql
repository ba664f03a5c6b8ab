-- openfootball: results of World Cups and leagues, as github.com/openfootball has them
--
-- The document, ?1, is a tournament in one of these layouts, by the year in which it was
-- written, or in a mix of them:
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
-- an object, or just [2, 0].  goals1 are the goals that count for team1, including own goals of
-- team2.  et counts the goals of all 120 minutes, p only those of the shoot-out.
--
-- A match is identified by competition, season and "num" or, if that is missing or not unique, by
-- the teams: its place in the document and its day may change.  If the same teams meet again with the
-- same home side, the later round, or the later day, is .2.  An id that would be longer than 64
-- characters, or whose names are not all ASCII, ends in a hash.
--
-- A time with a known zone ("13:00 UTC-6", "20:45 CET") is an instant, starts_at.  Without one, day and
-- hour are local_time, and count as UTC when matches are sorted.
--
-- The course of a match is made from its result: the kick-off, each goal with the score after it,
-- the breaks, extra time, the shoot-out (its kicks are not in the document), the end.  A goal's minute
-- is when it was scored.  Half-time is 15 minutes, the other breaks 5.  A match without goals1
-- and goals2 uses its half-time and final score.  A match without a score is scheduled.  A match
-- whose "status" says that it was not played to its end, such as "cancelled" or "awarded", has only
-- that status and its score, and the goals up to then if play began.
WITH RECURSIVE
entry(place, round, m) AS (
    SELECT key, value ->> '$.round', value FROM json_each(?1, '$.matches')
    UNION ALL
    SELECT 10000 * round.key + match.key, coalesce(match.value ->> '$.round', round.value ->> '$.name'), match.value
    FROM json_each(?1, '$.rounds') AS round, json_each(round.value, '$.matches') AS match),
-- "World Cup 2022": competition World Cup, season 2022.  2024-25 becomes 2024/25.
title(name, last) AS (
    SELECT trim(ifnull(?1 ->> '$.name', '')),
           substr(trim(ifnull(?1 ->> '$.name', '')),
                  length(rtrim(trim(ifnull(?1 ->> '$.name', '')), replace(trim(ifnull(?1 ->> '$.name', '')), ' ', ''))) + 1)),
tournament(competition, season) AS (
    SELECT iif(dated, trim(substr(name, 1, length(name) - length(last))), nullif(name, '')),
           coalesce(?1 ->> '$.season', iif(dated, replace(last, '-', '/'), NULL))
    FROM (SELECT *, ' ' || last <> ' ' || name
                    AND (last GLOB '[12][0-9][0-9][0-9]' OR last GLOB '[12][0-9][0-9][0-9][-/][0-9][0-9]'
                         OR last GLOB '[12][0-9][0-9][0-9][-/][12][0-9][0-9][0-9]') AS dated
          FROM title)),
told AS MATERIALIZED (
    SELECT place, m, competition, season,
           coalesce(m ->> '$.team1.name', m ->> '$.team1') AS home,
           coalesce(m ->> '$.team2.name', m ->> '$.team2') AS away,
           round, coalesce(m ->> '$.group.name', m ->> '$.group', iif(round LIKE 'Group _%', round, NULL)) AS group_name,
           coalesce(m ->> '$.ground.name', m ->> '$.ground', m ->> '$.stadium.name', m ->> '$.stadium') AS venue,
           CASE WHEN m ->> '$.leg' IN (1, 2) THEN CAST(m ->> '$.leg' AS INTEGER)
                WHEN round LIKE '%1st leg%' OR round LIKE '%leg 1%' OR round LIKE '%play%off%matchday 1' THEN 1
                WHEN round LIKE '%2nd leg%' OR round LIKE '%leg 2%' OR round LIKE '%play%off%matchday 2' THEN 2 END AS leg,
           iif(m ->> '$.num' GLOB '[0-9]*' AND m ->> '$.num' NOT GLOB '*[^0-9]*'
               AND count(*) OVER (PARTITION BY m ->> '$.num') = 1, m ->> '$.num', NULL) AS num,
           -- the number in "Matchday 25", which a new date does not change
           row_number() OVER (PARTITION BY coalesce(m ->> '$.team1.name', m ->> '$.team1'),
                                           coalesce(m ->> '$.team2.name', m ->> '$.team2'),
                                           m ->> '$.num' IS NULL
                              ORDER BY nullif(CAST(substr(round, length(rtrim(round, '0123456789')) + 1) AS INTEGER), 0) NULLS LAST,
                                       m ->> '$.date', place) AS meeting,
           nullif(trim(ifnull(m ->> '$.status', '')), '') AS said,
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
           trim(ifnull(m ->> '$.time', '')) AS hour,
           replace(substr(trim(ifnull(m ->> '$.time', '')), 1, instr(trim(ifnull(m ->> '$.time', '')) || ' ', ' ') - 1), '.', ':') AS written,
           coalesce(nullif(trim(substr(trim(ifnull(m ->> '$.time', '')), instr(trim(ifnull(m ->> '$.time', '')) || ' ', ' '))), ''),
                    m ->> '$.timezone') AS zone
    FROM entry, tournament),
-- Names as parts of an id ("South Africa": south-africa), and their hashes.
slug(name, rest, text, hash) AS (
    SELECT name, name, '', 7
    FROM (SELECT DISTINCT CASE n WHEN 1 THEN competition || ' ' || ifnull(season, '') WHEN 2 THEN home ELSE away END AS name
          FROM told, (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3))
    WHERE name IS NOT NULL
    UNION ALL
    SELECT name, substr(rest, 2),
           text || CASE WHEN lower(substr(rest, 1, 1)) GLOB '[a-z0-9]' THEN lower(substr(rest, 1, 1))
                        WHEN text = '' OR text GLOB '*-' THEN '' ELSE '-' END,
           (hash * 31 + unicode(rest)) % 4294967291
    FROM slug
    WHERE rest <> ''),
part AS MATERIALIZED (
    SELECT name, rtrim(text, '-') AS text, hash, length(name) = length(CAST(name AS BLOB)) AS ascii FROM slug WHERE rest = ''),
identity AS (
    SELECT place,
           CASE WHEN two IS NULL OR three IS NULL THEN 'match ' || place      -- odd, below
                WHEN num IS NOT NULL THEN substr(one || '.' || num, -64, 64)
                WHEN ascii AND length(one || two || three) + 5 <= 64
                THEN one || '.' || two || '.' || three || iif(meeting > 1, '.' || meeting, '')
                ELSE substr(one, 1, 20) || '.' || substr(two, 1, 15) || '.' || substr(three, 1, 15)
                     || printf('.%08x', hash) END AS id
    FROM (SELECT place, num, meeting, ifnull(one.text, 'match') AS one, two.text AS two, three.text AS three,
                 ifnull(one.ascii, true) AND two.ascii AND three.ascii AS ascii,
                 (((ifnull(one.hash, 0) * 1000003 + two.hash) % 4294967291 * 1000003 + three.hash) % 4294967291 * 1000003
                  + meeting) % 4294967291 AS hash
          FROM told LEFT JOIN part AS one ON one.name = competition || ' ' || ifnull(season, '')
                    LEFT JOIN part AS two ON two.name = home
                    LEFT JOIN part AS three ON three.name = away)),
placed AS MATERIALIZED (
    SELECT told.*, id, state, event,
           CASE WHEN written GLOB '[0-9]:[0-5][0-9]' THEN '0' || written
                WHEN written GLOB '[012][0-9]:[0-5][0-9]' THEN written END AS time,
           CASE WHEN zone IN ('UTC', 'GMT') THEN 0
                WHEN zone IN ('CET', 'BST', 'WEST') THEN 60
                WHEN zone IN ('CEST', 'EET') THEN 120 WHEN zone = 'EEST' THEN 180
                WHEN replace(replace(zone, 'UTC', ''), 'GMT', '') GLOB '[+-][0-9]*'
                THEN 60 * CAST(replace(replace(zone, 'UTC', ''), 'GMT', '') AS INTEGER)
                     + iif(zone GLOB '*:[0-9][0-9]',
                           CAST(substr(replace(replace(zone, 'UTC', ''), 'GMT', ''), 1, 1) || substr(zone, -2) AS INTEGER), 0)
           END AS ahead
    FROM told JOIN identity USING (place)
         LEFT JOIN statuses ON word = replace(replace(replace(lower(said), ' ', ''), '-', ''), '_', '')),
match AS MATERIALIZED (
    SELECT *,
           coalesce(home_et, home_ft) AS home_final, coalesce(away_et, away_ft) AS away_final,
           home_et IS NOT NULL AS extra, home_p IS NOT NULL AS shootout,
           said IS NULL OR event IS 'fulltime' AS ended,
           coalesce(home_et, home_ft) IS NOT NULL
           AND (said IS NULL OR event IS 'fulltime' OR state = 'live' OR event = 'abandoned') AS played,
           -- as UTC: date and time, minus the zone's offset
           strftime('%Y-%m-%dT%H:%M:%SZ', date || ' ' || ifnull(time, '00:00'),
                    printf('%+d minutes', -ifnull(ahead, 0))) AS kickoff,
           CASE WHEN home IS NULL OR away IS NULL THEN 'expected team1 and team2'
                WHEN date IS NOT NULL AND date(date, '+0 days') IS NOT date
                THEN printf('date: expected such as 2026-11-28, found %s', date)
                WHEN hour <> '' AND time IS NULL
                THEN printf('time: expected such as 18:30 or 18:30 UTC+1, found %s', hour) END AS odd
    FROM placed),
-- Goals: minute of play, and stoppage.
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
          FROM (SELECT match.id, extra, iif(list.key = 'goals1', 'home', 'away') AS side, one.key, one.value AS goal
                FROM match, json_each(m) AS list, json_each(m, '$.' || list.key) AS one
                WHERE list.key IN ('goals1', 'goals2') AND list.type = 'array' AND one.type = 'object'))),
-- When each period begins, in minutes after the kick-off: a period is long enough for the goals in
-- its stoppage time.
stoppage AS (
    SELECT id,
           ifnull(max(stoppage) FILTER (WHERE period = 1), 0) AS s1,
           ifnull(max(stoppage + max(0, minute - 90)) FILTER (WHERE period = 2), 0) AS s2,
           ifnull(max(stoppage) FILTER (WHERE period = 3), 0) AS s3,
           ifnull(max(stoppage) FILTER (WHERE period = 4), 0) AS s4,
           count(*) FILTER (WHERE side = 'home') AS home_goals,
           count(*) FILTER (WHERE side = 'away') AS away_goals,
           max(minute) AS last
    FROM match LEFT JOIN goal USING (id)
    GROUP BY id),
begin AS MATERIALIZED (
    SELECT *, s1 + 60 AS p2, s1 + s2 + 110 AS p3, s1 + s2 + s3 + 130 AS p4,
           s1 + s2 + iif(extra, s3 + s4 + 150, 110) AS p5
    FROM match JOIN stoppage USING (id)),
-- What happens: the time, the order of events at that time, clock and status.  home and away: the score
-- where no goals are listed; kicks: the score of the shoot-out.  If a match did not end, or was not played
-- to its end, its last step is its status.
phase(phase) AS (
    VALUES ('kickoff'), ('halftime'), ('secondhalf'), ('extra-time'), ('shootout'), ('fulltime'), ('said'), ('scheduled')),
step(id, minutes, rank, clock, status, event, side, running, key, home, away, kicks) AS (
    SELECT id,
           CASE period WHEN 1 THEN 0 WHEN 2 THEN p2 - 45 WHEN 3 THEN p3 - 90 ELSE p4 - 105 END
           + minute + stoppage,
           1, clock,
           CASE period WHEN 1 THEN 'First Half' WHEN 2 THEN 'Second Half' ELSE 'Extra Time' END,
           json_object('time', clock, 'type', type, 'team', side, 'player', name),
           side, running, key, NULL, NULL, NULL
    FROM goal JOIN begin USING (id)
    WHERE played
    UNION ALL
    SELECT id,
           CASE phase WHEN 'halftime' THEN 45 + s1 WHEN 'secondhalf' THEN p2 WHEN 'extra-time' THEN p3 WHEN 'shootout' THEN p5
                      WHEN 'fulltime' THEN iif(shootout, p5 + 10, p5 - 5) WHEN 'said' THEN iif(played, p5 - 5, 0) ELSE 0 END,
           CASE phase WHEN 'halftime' THEN 2 WHEN 'fulltime' THEN 3 WHEN 'said' THEN 4 ELSE 0 END,
           CASE phase WHEN 'kickoff' THEN '0' WHEN 'halftime' THEN '45' || iif(s1 > 0, '+' || s1, '')
                      WHEN 'secondhalf' THEN '45' WHEN 'extra-time' THEN '90' WHEN 'shootout' THEN iif(extra, '120', '90')
                      WHEN 'fulltime' THEN iif(extra, '120' || iif(s4 > 0, '+' || s4, ''), '90' || iif(s2 > 0, '+' || s2, ''))
                      WHEN 'said' THEN iif(played, ifnull(last, '') || '', '') ELSE '' END,
           CASE phase WHEN 'kickoff' THEN 'First Half' WHEN 'halftime' THEN 'Half Time' WHEN 'secondhalf' THEN 'Second Half'
                      WHEN 'extra-time' THEN 'Extra Time' WHEN 'shootout' THEN 'Penalty Shoot-out'
                      WHEN 'fulltime' THEN CASE WHEN shootout THEN 'After Penalties' WHEN extra THEN 'After Extra Time' ELSE 'Full Time' END
                      WHEN 'said' THEN upper(substr(said, 1, 1)) || substr(said, 2) ELSE 'Scheduled' END,
           NULL, NULL, 0, 0,
           CASE WHEN phase IN ('halftime', 'secondhalf') THEN home_ht WHEN phase = 'extra-time' THEN home_ft
                WHEN phase IN ('kickoff', 'scheduled') THEN 0 ELSE ifnull(home_final, 0) END,
           CASE WHEN phase IN ('halftime', 'secondhalf') THEN away_ht WHEN phase = 'extra-time' THEN away_ft
                WHEN phase IN ('kickoff', 'scheduled') THEN 0 ELSE ifnull(away_final, 0) END,
           CASE WHEN phase = 'shootout' THEN json_object('home', 0, 'away', 0)
                WHEN phase = 'fulltime' AND shootout THEN json_object('home', home_p, 'away', away_p) END
    FROM begin, phase
    WHERE CASE phase WHEN 'kickoff' THEN played WHEN 'extra-time' THEN played AND extra WHEN 'shootout' THEN played AND shootout
                     WHEN 'fulltime' THEN played AND ended WHEN 'said' THEN said IS NOT NULL AND NOT (played AND ended)
                     WHEN 'scheduled' THEN said IS NULL AND NOT played
                     ELSE played AND (home_ht IS NOT NULL OR (ended AND (has_goals OR home_final + away_final = 0))) END),
course AS (
    SELECT *,
           count(*) FILTER (WHERE side = 'home') OVER so_far AS home_now,
           count(*) FILTER (WHERE side = 'away') OVER so_far AS away_now
    FROM step
    WINDOW so_far AS (PARTITION BY id ORDER BY minutes, rank, running, side DESC, key
                      ROWS UNBOUNDED PRECEDING))
SELECT json_patch(
           json_object('match_id', id, 'home_team', begin.home, 'away_team', begin.away,
                       'score', json_object('home', iif(has_goals AND played AND rank < 4, home_now, ifnull(course.home, 0)),
                                            'away', iif(has_goals AND played AND rank < 4, away_now, ifnull(course.away, 0))),
                       'time', course.clock, 'status', status,
                       'events', iif(course.event IS NULL, json('[]'), json_array(json(course.event)))),
           json_object('competition', competition, 'season', season, 'round', round, 'group', group_name, 'leg', leg,
                       'venue', venue, 'starts_at', iif(ahead IS NULL OR time IS NULL, NULL, kickoff),
                       'local_time', iif(ahead IS NULL OR time IS NULL, date || ifnull(' ' || time, ''), NULL),
                       'shootout', json(kicks))),
       kickoff,
       60 * minutes,
       CASE WHEN odd IS NOT NULL
            THEN printf('%s - %s%s: %s', ifnull(begin.home, '?'), ifnull(begin.away, '?'), ' on ' || date, odd)
            WHEN has_goals AND played AND ended AND (home_goals <> home_final OR away_goals <> away_final)
            THEN printf('%s - %s%s: its goals make %d:%d, its score says %d:%d',
                        begin.home, begin.away, ' on ' || date, home_goals, away_goals, home_final, away_final) END
FROM course JOIN begin USING (id)
ORDER BY place, minutes, rank, running, side DESC, key;
