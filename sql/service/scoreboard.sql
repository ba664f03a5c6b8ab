-- The board as HTML, for browsers that run no script: the ?1 most recently updated matches (?4: only
-- the match with this id, or NULL), sorted by state: live, upcoming, finished, called off.  One
-- row for each match; a heading precedes the first of each state.
--
-- format() fills in these templates, which are files in src/web/:
--   ?2 match.html   state, status, competition, clock, then for home and for away: team, kicks of a
--                   shoot-out, goals
--   ?3 state.html   the state's name, how many matches
--
-- Text from the database is only inserted between tags, so escaping & and < is enough.
WITH latest AS (
    SELECT match_id, state, home_score, away_score, message,
           replace(replace(substr(ifnull(home_team, match_id), 1, 200), '&', '&amp;'), '<', '&lt;') AS home,
           replace(replace(substr(away_team, 1, 200), '&', '&amp;'), '<', '&lt;') AS away,
           replace(replace(substr(clock, 1, 200), '&', '&amp;'), '<', '&lt;') AS clock,
           replace(replace(substr(ifnull(nullif(trim(status), ''), 'In play'), 1, 200), '&', '&amp;'), '<', '&lt;') AS status,
           replace(replace(substr(iif(json_type(message, '$.competition') = 'text', json_extract(message, '$.competition'), ''),
                                  1, 200), '&', '&amp;'), '<', '&lt;') AS competition
    FROM matches JOIN match_states USING (match_id)
    WHERE ?4 IS NULL OR match_id = ?4
    ORDER BY message_id DESC
    LIMIT ?1
), board AS (
    SELECT *,
           CASE state WHEN 'live' THEN 1 WHEN 'upcoming' THEN 2 WHEN 'finished' THEN 3 ELSE 4 END AS place,
           state = 'upcoming' OR (state = 'off' AND clock = '' AND home_score = 0 AND away_score = 0) AS unplayed,
           ifnull(message ->> '$.starts_at', '') AS starts_at,
           CAST(json_extract(message, '$.shootout.home') AS INTEGER) AS home_kicks,
           CAST(json_extract(message, '$.shootout.away') AS INTEGER) AS away_kicks
    FROM latest
)
SELECT iif(lag(state) OVER states IS state, '',
           format(?3, CASE state WHEN 'live' THEN 'Live' WHEN 'upcoming' THEN 'Upcoming'
                                 WHEN 'finished' THEN 'Finished' ELSE 'Called off' END,
                  count(*) OVER (PARTITION BY place))) ||
       format(?2, state, status, competition, iif(state = 'upcoming', '', clock),
              home, home_kicks, ifnull(iif(unplayed, NULL, home_score), '–'),
              away, away_kicks, ifnull(iif(unplayed, NULL, away_score), '–'))
FROM board
WINDOW states AS (ORDER BY place, competition, starts_at, match_id)
ORDER BY place, competition, starts_at, match_id;
