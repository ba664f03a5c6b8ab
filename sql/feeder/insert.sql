-- Appends a row to the log.  ?4 is the time that now.sql tells: asked for once in
-- a millisecond, and not for each row, it is still the same.
INSERT INTO match_events(match_id, type, data, created_at) VALUES (?1, ?2, ?3, ?4);
