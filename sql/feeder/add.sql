-- Appends a row to the log.
INSERT INTO match_events(match_id, type, data) VALUES (?1, ?2, json(?3));
