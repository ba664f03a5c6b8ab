-- Makes the projection what check_projection.sql expects.
DELETE FROM live.meta WHERE key = 'pruned' AND typeof(value) <> 'integer';
INSERT INTO live.meta
SELECT 'pruned', ifnull((SELECT min(id) - 1 FROM live.match_events),
                        ifnull((SELECT seq FROM live.sqlite_sequence WHERE name = 'match_events'), 0))
WHERE true
ON CONFLICT DO NOTHING;
UPDATE live.meta
SET value = max(ifnull((SELECT max(id) FROM live.match_events), 0),
                ifnull((SELECT max(message_id) FROM live.matches WHERE message_id <= 4503599627370496), 0))
WHERE key = 'pruned' AND value > 4503599627370496
      AND NOT EXISTS (SELECT 1 FROM live.match_events WHERE id > 4503599627370496);
DELETE FROM live.sqlite_sequence
WHERE name = 'match_events'
      AND (seq > 4503599627370496 OR seq < (SELECT value FROM live.meta WHERE key = 'pruned'))
      AND NOT EXISTS (SELECT 1 FROM live.match_events WHERE id > 4503599627370496);
INSERT INTO live.sqlite_sequence(name, seq)
SELECT 'match_events', max(value, ifnull((SELECT max(id) FROM live.match_events), 0))
FROM live.meta
WHERE key = 'pruned'
      AND NOT EXISTS (SELECT 1 FROM live.sqlite_sequence WHERE name = 'match_events');
DELETE FROM live.matches
WHERE match_id IN (SELECT match_id FROM main.matches)
      OR message_id > (SELECT value FROM live.meta WHERE key = 'pruned');
INSERT INTO live.matches SELECT * FROM main.matches;
