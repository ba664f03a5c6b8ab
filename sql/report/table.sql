-- The league table that the results of the finished matches make.
--
--     sqlite3 -box DB < sql/report/table.sql
SELECT place, team, played, won, drawn, lost,
       goals_for || ':' || goals_against AS goals, difference, points
FROM league;
