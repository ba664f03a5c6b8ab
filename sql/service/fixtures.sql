-- The beginning of day.sql and board.sql: the matches that a request asks for, page by page.
--
--   :match   the match with this id
--   :day     or else 'today' (the default), or a date such as 2026-11-27, in the time zone of the process
--   :competition   only its matches; '': only those without one
--   :offset  how many matches of the list to skip;  @rows: how many follow
--   @board   1: if no match has a kick-off, and no day is asked for, those that were updated last
--
-- A match is on the day of its kick-off, for as long as it lasts.  If only a local time is known, that is its
-- day everywhere.  A match without either is on the day of its first row.
--
-- SQLite parses and plans a common table again for each mention, with all tables below it: naming each once
-- saves most of this statement's time.  CROSS JOIN goes from left to right; otherwise SQLite 3.46 would read
-- all matches.
WITH kickoff AS NOT MATERIALIZED (
    SELECT *, coalesce(starts_at, iif(local_time GLOB '????-??-??*', local_time, NULL)) AS at
    FROM matches
), asked AS (
    SELECT day, date(day, '-7 days') AS first, date(day, '+7 days') AS last,
           EXISTS (SELECT 1 FROM kickoff WHERE at >= '') AS dated, max(CAST(ifnull(:offset, 0) AS INTEGER), 0) AS skip
    FROM (SELECT CASE WHEN :match IS NOT NULL THEN NULL WHEN ifnull(:day, 'today') = 'today' THEN date('now', 'localtime')
                      WHEN date(:day, '+0 days') = :day THEN :day END AS day)
), span AS MATERIALIZED (
    -- Of the index: at most an hour longer than these days, as instants or local times.
    SELECT day, first, last, dated, skip, @board AND :day IS NULL AND :match IS NULL AND NOT dated AS whole,
           min(first, strftime('%Y-%m-%dT%H:%M:%SZ', first, 'utc', '-1 hour')) AS low,
           max(date(last, '+1 day'), strftime('%Y-%m-%dT%H:%M:%SZ', last, '+1 day', 'utc', '+1 hour')) AS high
    FROM asked
), placed AS MATERIALIZED (
    SELECT span.*, match_id,
           coalesce(at, (SELECT created_at FROM match_events
                         WHERE id = (SELECT min(id) FROM match_events AS own
                                     WHERE own.match_id = kickoff.match_id)), updated_at) AS at
    FROM span CROSS JOIN kickoff ON (at >= low AND at < high) OR (at IS NULL AND updated_at >= low)
    WHERE whole IS NOT 1
), near AS MATERIALIZED (
    SELECT match_id, at, first, last, iif(at GLOB '*Z', date(at, 'localtime'), substr(at, 1, 10)) AS day, day AS asked
    FROM placed
), listed AS MATERIALIZED (
    SELECT match_id, at, competition, season, round, group_name, state
    FROM (SELECT match_id, at FROM near WHERE day = asked
          UNION ALL
          SELECT match_id, at FROM span CROSS JOIN (SELECT match_id, updated_at AS at FROM matches
                                                    ORDER BY message_id DESC LIMIT @rows) WHERE whole = 1
          UNION ALL
          SELECT match_id, at FROM kickoff WHERE match_id = :match)
         CROSS JOIN matches USING (match_id) CROSS JOIN match_states USING (match_id)
    WHERE :competition IS NULL OR ifnull(competition, '') = :competition
), page AS (
    SELECT *, count(*) OVER () AS n
    FROM listed
    ORDER BY competition IS NULL, competition, season, group_name, round, at, match_id
    LIMIT @rows OFFSET CAST(ifnull(:offset, 0) AS INTEGER)
), latest AS MATERIALIZED (
    SELECT *, iif(state = 'upcoming', 9223372036854775807,
                  (SELECT max(id) FROM match_events AS start WHERE start.match_id = page.match_id AND type = 'kickoff')) AS began
    FROM page
), run AS MATERIALIZED (
    -- A match may be played again under its id.  over: the row at which it was over before.
    SELECT *, max(ifnull((SELECT max(id) FROM match_events AS event
                          WHERE event.match_id = latest.match_id AND type = 'fulltime' AND id < began), 0),
                  ifnull((SELECT max(id) FROM match_events AS event
                          WHERE event.match_id = latest.match_id AND type = 'abandoned' AND id < began), 0)) AS over
    FROM latest
), fixture AS (
    SELECT run.match_id, run.at, run.state, message_id, updated_at, message, leg, n, over,
           substr(home_team, 1, 200) AS home_team, substr(away_team, 1, 200) AS away_team, home_score, away_score,
           substr(clock, 1, 200) AS clock, substr(status, 1, 200) AS status,
           substr(run.competition, 1, 200) AS competition, substr(run.season, 1, 200) AS season,
           substr(run.round, 1, 200) AS round, substr(run.group_name, 1, 200) AS group_name,
           substr(venue, 1, 200) AS venue, starts_at, substr(local_time, 1, 200) AS local_time,
           -- red cards and the half-time score since then, unless taken back
           sum(type <> 'halftime' AND data ->> '$.team' = 'home') AS home_reds,
           sum(type <> 'halftime' AND data ->> '$.team' = 'away') AS away_reds,
           iif(json_type(message, '$.half_time.home') = 'integer' AND json_type(message, '$.half_time.away') = 'integer',
               message -> '$.half_time', iif(max(iif(type = 'halftime', id, 0)) > 0, data -> '$.score', NULL)) AS half_time,
           iif(json_type(message, '$.shootout.home') = 'integer' AND json_type(message, '$.shootout.away') = 'integer',
               message -> '$.shootout', NULL) AS shootout,
           -- of both legs; the first one was in the three months before
           iif(json_type(message, '$.aggregate.home') = 'integer' AND json_type(message, '$.aggregate.away') = 'integer',
               message -> '$.aggregate',
               iif(leg = 2, (SELECT json_object('home', matches.home_score + one.away_score,
                                                'away', matches.away_score + one.home_score)
                             FROM kickoff AS one
                             WHERE one.at >= date(run.at, '-90 days') AND one.at < run.at AND +one.leg = 1
                                   AND one.competition IS run.competition AND one.season IS run.season
                                   AND one.home_team = matches.away_team AND one.away_team = matches.home_team),
                   NULL)) AS aggregate
    FROM run CROSS JOIN matches USING (match_id)
         LEFT JOIN match_events AS event
         ON event.match_id = run.match_id AND type IN ('red-card', 'second-yellow', 'halftime') AND id > over
            -- the condition of match_events_by_phase: SQLite uses that index only if it is repeated
            AND (type = 'kickoff' OR type = 'halftime' OR type = 'fulltime' OR type = 'abandoned' OR type = 'red-card' OR type = 'second-yellow')
            AND id NOT IN (SELECT later.data ->> '$.voids' FROM match_events AS later
                           WHERE later.match_id = event.match_id AND later.type <> 'message' AND instr(later.data, '"voids"')
                                 AND later.data ->> '$.voids' IS NOT NULL)
    GROUP BY run.competition IS NULL, run.competition, run.season, run.group_name, run.round, run.at, run.match_id
    ORDER BY run.competition IS NULL, run.competition, run.season, run.group_name, run.round, run.at, run.match_id
)
