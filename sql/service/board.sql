-- The page's HTML, for browsers that run no script and for the first paint: the days around, and the matches of
-- the day by competition; or, with :match, that match with its time line.  One row: the lines for <head>, and the
-- part of the body.
--
-- format() fills in templates, which are files in src/web/ with the names of these parameters:
--   @head   title, description, and both again; @title: the same of the board
--   @nav    days, each @day: date and zone, whether it is shown, text
--   @league competition, round and group, number of matches, rows
--   @row    state, id, clock, status, then for home and for away: team, red cards (@reds), goals; notes
--   @note   what, goals or kicks of home and away
--   @more   the address of the next page
--   @one    state, status, clock, competition, round, home, its goals, away's goals, away, notes, kick-off, venue, time line
--   @missing, @quiet, @none   there is no such match, none on this day, none at all
--   @moment class, time, score, event, player, detail
--
-- Text from the database stands between tags and in quoted attributes: &, < and " are escaped.
, safe AS MATERIALIZED (
    SELECT match_id, state, at, n, over, competition, season, round, group_name, starts_at, local_time, home_reds, away_reds,
           replace(replace(replace(replace(replace(replace(match_id, '%', '%25'), '&', '%26'), '#', '%23'), '+', '%2B'),
                           '<', '%3C'), '"', '%22') AS id,
           replace(replace(replace(ifnull(home_team, match_id), '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS home,
           replace(replace(replace(ifnull(away_team, ''), '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS away,
           replace(replace(replace(ifnull(nullif(trim(status), ''), 'In play'), '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS said,
           replace(replace(replace(ifnull(venue, ''), '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS venue,
           replace(replace(replace(ifnull(competition, ''), '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS league,
           replace(replace(replace(concat_round, '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS stage,
           replace(replace(replace(CASE WHEN state = 'upcoming' THEN CASE WHEN starts_at IS NULL
                                                                         THEN iif(local_time GLOB '????-??-??*', substr(local_time, 12, 5), ifnull(local_time, ''))
                                                                         ELSE strftime('%H:%M', starts_at, 'localtime') END
                                        WHEN state <> 'live' OR trim(ifnull(clock, '')) = '' OR rests THEN ''
                                        WHEN clock GLOB '[0-9]*:[0-9][0-9]' THEN (CAST(clock AS INTEGER) + 1) || ''''
                                        WHEN clock NOT GLOB '*[^0-9+]*' THEN clock || '''' ELSE clock END,
                                   '&', '&amp;'), '<', '&lt;'), '"', '&quot;') AS time,
           ifnull(iif(state = 'upcoming' OR (state = 'off' AND home_score + away_score = 0 AND ifnull(CAST(clock AS INTEGER), 0) <= 0), NULL, home_score), '–') AS home_goals,
           ifnull(iif(state = 'upcoming' OR (state = 'off' AND home_score + away_score = 0 AND ifnull(CAST(clock AS INTEGER), 0) <= 0), NULL, away_score), '–') AS away_goals,
           iif(shootout IS NULL, '', format(@note, 'pens.', shootout ->> '$.home', shootout ->> '$.away'))
           || iif(aggregate IS NULL, '', format(@note, 'agg.', aggregate ->> '$.home', aggregate ->> '$.away'))
           || iif(half_time IS NULL, '', format(@note, 'HT', half_time ->> '$.home', half_time ->> '$.away')) AS notes,
           iif(shootout IS NULL, '', format(' (%d–%d pens.)', shootout ->> '$.home', shootout ->> '$.away')) AS decided
    FROM (SELECT *, ifnull(group_name, '') || iif(group_name <> '' AND round <> '', ' · ', '') || ifnull(round, '') AS concat_round,
                 (SELECT event IN ('halftime', 'shootout', 'suspended') FROM statuses
                  WHERE word = replace(replace(replace(lower(trim(status)), ' ', ''), '-', ''), '_', '')) AS rests
          FROM fixture)
)
SELECT iif(:match IS NULL OR n IS NULL, @title, format(@head, title, about, title, about)),
       iif(span.day IS NULL OR NOT dated, '',
           format(@nav, (SELECT group_concat(format(@day, near.day || ifnull('&amp;zone=' || replace(replace(:zone, ' ', '+'), '+', '%2B'), ''),
                                                    iif(near.day = span.day, 'date', 'false'),
                                                    substr('SunMonTueWedThuFriSat', 1 + 3 * strftime('%w', near.day), 3) || ' '
                                                    || CAST(strftime('%d', near.day) AS INTEGER) || ' '
                                                    || substr('JanFebMarAprMayJunJulAugSepOctNovDec', 3 * strftime('%m', near.day) - 2, 3)
                                                    || iif(substr(near.day, 1, 4) = strftime('%Y', 'now', 'localtime'), '', ' ' || substr(near.day, 1, 4))), '')
                         FROM (SELECT iif(at GLOB '*Z', date(at, 'localtime'), substr(at, 1, 10)) AS day
                               FROM (SELECT max(at) AS at FROM kickoff WHERE at < low UNION ALL SELECT min(at) FROM kickoff WHERE at >= high)
                               WHERE at IS NOT NULL
                               UNION SELECT day FROM near WHERE day BETWEEN first AND last
                               UNION SELECT date('now', 'localtime')
                               UNION SELECT span.day
                               ORDER BY day) AS near)))
       || CASE WHEN n IS NULL THEN ''
               WHEN :match IS NULL THEN group_concat(format(@league, iif(league = '' AND matches < min(n - skip, @rows), 'Other matches', league),
                                                            stage, matches, rows), '')
               ELSE format(@one, state, said, iif(state = 'upcoming', '', time), league, stage, home, home_goals, away_goals, away, notes,
                           ifnull(strftime('%Y-%m-%d %H:%M', starts_at, 'localtime'), ''), venue,
                           (SELECT ifnull(group_concat(format(@moment, CASE data ->> '$.team' WHEN 'home' THEN 'to-home' WHEN 'away' THEN 'to-away' ELSE 'phase' END,
                                                              CASE WHEN time GLOB '[0-9]*:[0-9][0-9]' THEN max(1, CAST(time AS INTEGER) + (time NOT GLOB '*:00')) || ''''
                                                                   WHEN time NOT GLOB '*[^0-9+]*' AND time <> '' THEN time || ''''
                                                                   ELSE replace(replace(time, '&', '&amp;'), '<', '&lt;') END,
                                                              iif(type IN ('goal', 'penalty', 'own-goal'),
                                                                  ifnull((data ->> '$.score.home') || '–' || (data ->> '$.score.away'), ''), ''), what,
                                                              replace(replace(substr(ifnull(data ->> '$.player', ''), 1, 200), '&', '&amp;'), '<', '&lt;'),
                                                              replace(replace(substr(coalesce(data ->> '$.detail', 'for ' || (data ->> '$.replaces'), ''), 1, 200),
                                                                              '&', '&amp;'), '<', '&lt;')), ''), '')
                            FROM (SELECT data, type, substr(ifnull(data ->> '$.time', ''), 1, 200) AS time,
                                         CASE type WHEN 'kickoff' THEN 'Kick-off' WHEN 'halftime' THEN 'Half-time' WHEN 'secondhalf' THEN 'Second half'
                                                   WHEN 'fulltime' THEN 'Full time'
                                                   ELSE replace(upper(substr(type, 1, 1)) || substr(type, 2), '-', ' ') END AS what
                                  FROM match_events AS event
                                  WHERE match_id = :match AND type <> 'message' AND type <> 'void' AND id > over
                                        AND id NOT IN (SELECT data ->> '$.voids' FROM match_events AS later
                                                       WHERE later.match_id = :match AND later.type <> 'message' AND instr(later.data, '"voids"')
                                                             AND later.data ->> '$.voids' IS NOT NULL)
                                  ORDER BY id DESC
                                  LIMIT 150))) END
       || CASE WHEN n > skip + @rows THEN format(@more, '?offset=' || (skip + @rows) || replace(@self, '&', '&amp;'))
               WHEN n > 0 OR skip > 0 THEN '' WHEN :match IS NOT NULL THEN @missing WHEN dated THEN @quiet ELSE @none END
FROM span LEFT JOIN (
    SELECT *, count(*) AS matches,
           home || iif(home_goals = '–', ' – ', ' ' || home_goals || '–' || away_goals || ' ') || away || decided
           || ', ' || iif(state = 'live' AND time <> '', time, iif(state = 'upcoming', time, said)) AS title,
           ltrim(iif(league <> '', ', ' || league, '') || iif(stage <> '', ', ' || stage, '')
                 || ifnull(', ' || date(iif(at GLOB '*Z', at, NULL), 'localtime'), '')
                 || iif(venue <> '', ', ' || venue, '') || ', ' || said, ', ') AS about,
           group_concat(format(@row, state, id, time, iif(state = 'upcoming', '', said),
                               home, iif(home_reds > 0, format(@reds, iif(home_reds > 1, home_reds, ''), home_reds), ''), home_goals,
                               away, iif(away_reds > 0, format(@reds, iif(away_reds > 1, away_reds, ''), away_reds), ''), away_goals,
                               notes), '') AS rows
    FROM (SELECT * FROM safe
          ORDER BY competition IS NULL, competition, season, group_name, round,
                   iif(coalesce(starts_at, local_time) IS NULL, format('~%02d', instr('live upcoming finished off', state)), at), match_id)
    GROUP BY competition, season, group_name, round
    ORDER BY competition IS NULL, competition, season, group_name, round) ON true;
