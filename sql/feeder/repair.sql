-- Makes the projection what check_projection.sql compares it with.
DELETE FROM live.meta WHERE key = 'pruned' AND typeof(value) <> 'integer';
INSERT INTO live.meta
SELECT 'pruned', ifnull((SELECT min(id) - 1 FROM live.match_events),
                        ifnull((SELECT seq FROM live.sqlite_sequence WHERE name = 'match_events'), 0))
WHERE true
ON CONFLICT DO NOTHING;
DELETE FROM live.matches
WHERE match_id IN (SELECT match_id FROM main.matches)
      OR message_id > (SELECT value FROM live.meta WHERE key = 'pruned');
INSERT INTO live.matches SELECT * FROM main.matches;
