-- Appends a row to the log.  ?4 is the time from now.sql, which is asked once in a
-- millisecond instead of for each row.
INSERT INTO match_events(match_id, type, data, created_at) VALUES (?1, ?2, ?3, ?4);
