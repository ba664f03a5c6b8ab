-- Who goes on in the knock-out rounds: both legs added up, and the kicks of a shoot-out.
--
--     sqlite3 -box DB < sql/report/ties.sql
SELECT competition, season, round, team1, goals1 || ':' || goals2 || ifnull(' (' || kicks1 || ':' || kicks2 || ')', '') AS goals,
       team2, advanced
FROM ties;
