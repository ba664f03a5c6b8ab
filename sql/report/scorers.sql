-- Who scores most.  Own goals are nobody's, and shoot-outs are not counted.
--
--     sqlite3 -box DB < sql/report/scorers.sql
SELECT * FROM scorers LIMIT 20;
