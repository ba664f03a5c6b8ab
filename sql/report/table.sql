-- The league tables of the finished matches, one for each competition, season and group.
--
--     sqlite3 -box DB < sql/report/table.sql
SELECT competition, season, group_name AS "group", place, team, played, won, drawn, lost,
       goals_for || ':' || goals_against AS goals, difference, points
FROM league;
