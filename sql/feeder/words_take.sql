-- Gives the table statuses beside a playlist, which is the build's, what ?1 says: the words of a database.
INSERT OR REPLACE INTO statuses(word, state, event, until, name)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?1);
