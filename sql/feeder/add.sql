-- Appends a row to the log, and says which id it got.
INSERT INTO match_events(match_id, type, data) VALUES (?1, ?2, json(?3)) RETURNING id;
