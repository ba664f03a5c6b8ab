-- Only feeder replicate may insert rows into a replica.  To make it an origin, delete its mark; the
-- trigger may stay.
CREATE TRIGGER IF NOT EXISTS match_events_replica BEFORE INSERT ON match_events
WHEN (SELECT value FROM meta WHERE key = 'replica') > 0
BEGIN
    SELECT RAISE(ABORT, 'match_events: this database is a replica: publish at its origin, or make it one: DELETE FROM meta WHERE key = ''replica''');
END;
