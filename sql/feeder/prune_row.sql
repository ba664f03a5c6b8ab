-- Deletes the oldest row, unless its id is above ?1.
DELETE FROM match_events
WHERE id = (SELECT min(id) FROM match_events) AND id <= ?1;
