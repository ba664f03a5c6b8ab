-- The events of a match in order, without voided ones; without :match, those of all
-- matches.
--
--     sqlite3 -box -cmd '.param set :match friendly-01' DB < sql/report/timeline.sql
SELECT match_id, time, type, team, player, detail, score
FROM timeline
WHERE ifnull(match_id = CAST(:match AS TEXT), true)
ORDER BY match_id, id;
