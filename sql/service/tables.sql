-- /tables: the tables of competitions as they would stand if all matches ended now, as one JSON object.
-- was: the place without the matches in play.
--
--   :competition, :group   only these
--   :season   this one; without it, of each competition the last one that has begun
--
-- As the view league, with matches in play and to come.
WITH known AS MATERIALIZED (
    SELECT competition, ifnull(season, '') AS season, ifnull(group_name, '') AS group_name,
           home_team, away_team, home_score, away_score, state,
           max((state <> 'upcoming') || coalesce(starts_at, local_time, updated_at)) OVER (PARTITION BY competition, season) AS latest,
           max(group_name IS NOT NULL) OVER (PARTITION BY competition, season) AS grouped,
           match_id IN (SELECT match_id FROM knockout) AS tie
    FROM matches JOIN match_states USING (match_id)
    WHERE competition IS NOT NULL AND home_team IS NOT NULL AND away_team IS NOT NULL AND state <> 'off'
          AND (state = 'upcoming' OR home_score + away_score IS NOT NULL)
          AND (:competition IS NULL OR competition = :competition)
), result AS MATERIALIZED (
    SELECT known.*, coalesce(one.win_points, every.win_points, 3) AS win, coalesce(one.draw_points, every.draw_points, 1) AS draw,
           coalesce(one.head_to_head, every.head_to_head, 0) AS head_to_head,
           max(state = 'live') OVER (PARTITION BY known.competition, known.season, group_name) AS playing
    FROM (SELECT *, max(latest) OVER (PARTITION BY competition) AS newest FROM known) AS known
         LEFT JOIN rules AS one ON one.competition = known.competition AND one.season = known.season
         LEFT JOIN rules AS every ON every.competition = known.competition AND every.season = ''
    WHERE iif(:season IS NULL, latest = newest, known.season = :season)
          AND iif(grouped, group_name <> '', NOT tie) AND (:group IS NULL OR group_name = :group)
), side AS MATERIALIZED (
    -- now: with the matches in play; without them only where there are some
    SELECT competition, season, group_name, now, team, opponent, head_to_head, state = 'live' AS live,
           state = 'finished' OR (now AND state = 'live') AS played, own, other,
           CASE WHEN own > other THEN win WHEN own = other THEN draw ELSE 0 END AS points
    FROM (SELECT competition, season, group_name, home_team AS team, away_team AS opponent, state,
                 home_score AS own, away_score AS other, win, draw, head_to_head, playing
          FROM result
          UNION ALL
          SELECT competition, season, group_name, away_team, home_team, state, away_score, home_score, win, draw, head_to_head, playing
          FROM result)
         JOIN (SELECT 1 AS now UNION ALL SELECT 0) ON now OR playing
), total AS MATERIALIZED (
    SELECT competition, season, group_name, now, team, max(live) AS live,
           count(*) FILTER (WHERE played) AS played, count(*) FILTER (WHERE played AND own > other) AS won,
           count(*) FILTER (WHERE played AND own = other) AS drawn, count(*) FILTER (WHERE played AND own < other) AS lost,
           ifnull(sum(own) FILTER (WHERE played), 0) AS goals_for, ifnull(sum(other) FILTER (WHERE played), 0) AS goals_against,
           ifnull(sum(points) FILTER (WHERE played), 0) - less AS points
    FROM (SELECT side.*, ifnull(deductions.points, 0) AS less
          FROM side LEFT JOIN deductions USING (competition, season, team))
    GROUP BY competition, season, group_name, now, team
), mutual AS MATERIALIZED (
    SELECT competition, season, group_name, now, side.team, sum(side.points) AS points, sum(own - other) AS difference, sum(own) AS goals
    FROM side JOIN total AS one USING (competition, season, group_name, now, team)
         JOIN total AS two USING (competition, season, group_name, now)
    WHERE head_to_head AND side.played AND two.team = opponent AND one.points = two.points
    GROUP BY competition, season, group_name, now, side.team
), place AS (
    SELECT total.*, row_number() OVER (PARTITION BY competition, season, group_name, now
                                       ORDER BY total.points DESC, mutual.points DESC, mutual.difference DESC, mutual.goals DESC,
                                                goals_for - goals_against DESC, goals_for DESC, team) AS place
    FROM total LEFT JOIN mutual USING (competition, season, group_name, now, team)
), moved AS (
    SELECT *, ifnull(min(iif(now, NULL, place)) OVER (PARTITION BY competition, season, group_name, team), place) AS was
    FROM place
), league AS (
    SELECT json_patch('{}', json_object('competition', substr(competition, 1, 200), 'season', nullif(substr(season, 1, 200), ''),
                                        'group', nullif(substr(group_name, 1, 200), ''))) AS name,
           json_group_array(json_object(
               'place', place, 'was', was, 'team', substr(team, 1, 200), 'played', played, 'won', won, 'drawn', drawn,
               'lost', lost, 'goals_for', goals_for, 'goals_against', goals_against,
               'difference', goals_for - goals_against, 'points', points, 'live', json(iif(live, 'true', 'false')))) AS rows
    FROM (SELECT * FROM moved WHERE now ORDER BY competition, season, group_name, place)
    GROUP BY competition, season, group_name
    LIMIT 100
)
SELECT json_object('tables', (SELECT json_group_array(json_set(name, '$.rows', json(rows))) FROM league),
                   'last_id', last_id), last_id
FROM (SELECT ifnull(max(id), 0) AS last_id FROM match_events);
