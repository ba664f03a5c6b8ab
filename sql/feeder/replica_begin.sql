-- Begins a transaction of feeder replicate: how far does the log go?  No row: this is no replica, and
-- does not become one, since it has rows of its own and ?1 does not say that they are its origin's.
--
-- 'replica' is when the log was last known to have all rows of its origin, in ms since 1970; in
-- such a transaction it is negative, by which the trigger of replica_guard.sql knows its rows.
INSERT INTO meta
SELECT 'replica', -1
FROM (SELECT max(value, ifnull((SELECT max(id) FROM match_events), 0)) AS head FROM meta WHERE key = 'pruned')
WHERE head = 0 OR ?1 OR EXISTS (SELECT 1 FROM meta WHERE key = 'replica')
ON CONFLICT DO UPDATE SET value = -abs(meta.value)
RETURNING (SELECT max(value, ifnull((SELECT max(id) FROM match_events), 0)) FROM meta WHERE key = 'pruned');
