-- Inserts a row of the origin under its id, ?1.  ?2 is its data, ?3 the row as JSON without data, or
-- NULL if the stream has only its type, ?4.
INSERT INTO match_events(id, data, match_id, type, created_at)
VALUES (?1, ?2, coalesce(?3 ->> '$.match_id', ?2 ->> '$.match_id', ''), ifnull(?3 ->> '$.type', ?4),
        ifnull(?3 ->> '$.created_at', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
