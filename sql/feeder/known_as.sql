-- Under which id does the database know the match of the update ?1?  Before schema 2 the ids of
-- openfootball's matches were row numbers, world-cup-2026-12, and the competition included the
-- season.  Existing matches keep their ids, and are found by competition, season and teams; or, with ?2,
-- by the instant of the kick-off, if the teams were only "W101" and "W102".  No row: the id of
-- the update is right, or the match is ambiguous.
WITH told AS (
    SELECT ?1 ->> '$.match_id' AS id, ?1 ->> '$.home_team' AS home, ?1 ->> '$.away_team' AS away,
           ?1 ->> '$.competition' AS competition, ?1 ->> '$.season' AS season,
           strftime('%Y-%m-%dT%H:%M:%SZ', ?1 ->> '$.starts_at') AS starts_at,
           -- a name may have been cut
           substr(?1 ->> '$.match_id', 1, min(20, instr(?1 ->> '$.match_id', '.') - 1)) AS tournament)
SELECT min(matches.match_id)
FROM told JOIN matches
WHERE instr(id, '.') > 1 AND NOT EXISTS (SELECT 1 FROM matches WHERE match_id = id)
      AND substr(matches.match_id, 1, length(tournament)) = tournament
      AND matches.match_id GLOB '*-[0-9]*' AND rtrim(matches.match_id, '0123456789') GLOB '*-'
      AND instr(matches.match_id, '.') = 0
      AND ((matches.competition IS told.competition AND matches.season IS told.season)
           OR (matches.season IS NULL
               AND replace(matches.competition, '-', '/') IS replace(told.competition || ifnull(' ' || told.season, ''), '-', '/')))
      AND iif(?2, matches.starts_at = told.starts_at
                  AND (home_team GLOB '[WL][0-9]*' OR home_team GLOB '[0-9][A-Z]*'
                       OR away_team GLOB '[WL][0-9]*' OR away_team GLOB '[0-9][A-Z]*'),
              home_team = home AND away_team = away)
HAVING count(*) = 1;
