-- Who scores most.  Own goals are nobody's, and shoot-outs are not counted.
--
--     sqlite3 -box DB < sql/report/scorers.sql
SELECT player, team, goals, penalties, matches, competition, season FROM scorers LIMIT 20;
