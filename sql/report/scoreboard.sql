-- The scoreboard: all matches, those in play first, then the most recently updated.
--
--     sqlite3 -box DB < sql/report/scoreboard.sql
SELECT home_team AS home, score, away_team AS away, clock, status, match_id
FROM scoreboard
ORDER BY state <> 'live', updated_at DESC, match_id;
