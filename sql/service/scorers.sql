-- /scorers: the 100 players with the most goals, as one JSON object.  Penalties count, and are told; own
-- goals, goals that were taken back, kicks of a shoot-out and matches that are off do not.
--
--   :competition, :group   only these
--   :season   this one; without it, of each competition the last one that has begun
WITH played AS MATERIALIZED (
    SELECT *, (SELECT max(id) FROM match_events AS start WHERE start.match_id = of_season.match_id AND type = 'kickoff') AS began
    FROM (SELECT *, max(latest) OVER (PARTITION BY competition) AS newest
          FROM (SELECT match_id, competition, season, group_name, home_team, away_team, state,
                       max((state IN ('live', 'finished')) || coalesce(starts_at, local_time, updated_at))
                       OVER (PARTITION BY competition, season) AS latest
                FROM matches JOIN match_states USING (match_id)
                WHERE :competition IS NULL OR ifnull(competition, '') = :competition)) AS of_season
    WHERE state <> 'off' AND iif(:season IS NULL, latest = newest, ifnull(season, '') = :season)
          AND (:group IS NULL OR ifnull(group_name, '') = :group)
), goal AS (
    SELECT data ->> '$.player' AS player, type, match_id, competition, season,
           CASE data ->> '$.team' WHEN 'home' THEN home_team WHEN 'away' THEN away_team END AS team
    FROM match_events AS event JOIN played USING (match_id)
    WHERE type IN ('goal', 'penalty') AND type <> 'message'
          -- A match may be played again under its id.
          AND NOT EXISTS (SELECT 1 FROM match_events AS over
                          WHERE over.match_id = event.match_id AND (over.type = 'fulltime' OR over.type = 'abandoned')
                                AND over.id > event.id AND over.id < began)
          AND id NOT IN (SELECT later.data ->> '$.voids' FROM match_events AS later
                         WHERE later.match_id = event.match_id AND later.type <> 'message' AND instr(later.data, '"voids"')
                               AND later.data ->> '$.voids' IS NOT NULL)
), scorer AS (
    SELECT substr(player, 1, 200) AS player, team, competition, season, count(*) AS goals, sum(type = 'penalty') AS penalties,
           count(DISTINCT match_id) AS matches
    FROM goal
    WHERE player IS NOT NULL
    GROUP BY player, team, competition, season
)
SELECT json_object('scorers', (SELECT json_group_array(json(entry))
                               FROM (SELECT json_patch('{}', json_object(
                                                'place', rank() OVER (ORDER BY goals DESC), 'player', player,
                                                'team', substr(team, 1, 200), 'goals', goals, 'penalties', penalties,
                                                'matches', matches, 'competition', substr(competition, 1, 200),
                                                'season', substr(season, 1, 200))) AS entry
                                     FROM scorer
                                     ORDER BY goals DESC, penalties, player, team, competition, season
                                     LIMIT 100)),
                   'last_id', last_id), last_id
FROM (SELECT ifnull(max(id), 0) AS last_id FROM match_events);
