-- The top scorers, without own goals and shoot-outs.
--
--     sqlite3 -box DB < sql/report/scorers.sql
SELECT player, team, goals, penalties, matches, competition, season FROM scorers LIMIT 20;
