-- The same for one match, ?2, found by its index: a match's time line costs the same in
-- a log of any length.
SELECT id, type, data, match_id, created_at
FROM match_events
WHERE match_id = ?2 AND id > ?1
ORDER BY id;
