-- Which team advances in knock-out rounds: the goals of both legs, and the kicks of a shoot-out.
--
--     sqlite3 -box DB < sql/report/ties.sql
SELECT competition, season, round, team1, goals1 || ':' || goals2 || ifnull(' (' || kicks1 || ':' || kicks2 || ')', '') AS goals,
       team2, advanced
FROM ties;
