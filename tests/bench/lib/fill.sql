-- A log of @rows rows, for the replay: as in a real one, one in ten is a match's state, the
-- others are events.
.param set @goal '{"match_id":"m1","home_team":"Manchester United","away_team":"Liverpool","score":{"home":1,"away":0},"time":"23:15","team":"home","player":"Marcus Rashford"}'
INSERT INTO match_events (match_id, type, data)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @rows)
SELECT 'm' || (i % 40), iif(i % 10, 'goal', 'message'), @goal FROM n;
PRAGMA wal_checkpoint(TRUNCATE);
