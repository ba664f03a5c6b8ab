-- Adds the statuses of a database, ?1, to the built-in ones beside a playlist.
INSERT OR REPLACE INTO statuses(word, state, event, until, name)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?1);
