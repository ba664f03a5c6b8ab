-- Begins a transaction of feeder replicate, and returns the end of the log.  No row: this is not a replica, and
-- does not become one, since it has rows and ?1 does not say that they are its origin's.
--
-- 'replica' is when the log was last known to have all rows of its origin, in ms since 1970; during
-- such a transaction it is negative, which the trigger of replica_guard.sql accepts.
INSERT INTO meta
SELECT 'replica', -1
FROM (SELECT max(value, ifnull((SELECT max(id) FROM match_events), 0)) AS head FROM meta WHERE key = 'pruned')
WHERE head = 0 OR ?1 OR EXISTS (SELECT 1 FROM meta WHERE key = 'replica')
ON CONFLICT DO UPDATE SET value = -abs(meta.value)
RETURNING (SELECT max(value, ifnull((SELECT max(id) FROM match_events), 0)) FROM meta WHERE key = 'pruned');
