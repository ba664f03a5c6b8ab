-- Ends a transaction of feeder replicate.  ?1: the origin has no more rows now; otherwise everything is
-- known up to the time of the newest row.
UPDATE meta SET value = max(abs(value), min(now, iif(?1, now, made)))
FROM (SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS now,
             ifnull((SELECT CAST((julianday(created_at) - 2440587.5) * 86400000 AS INTEGER)
                     FROM match_events ORDER BY id DESC LIMIT 1), 0) AS made)
WHERE key = 'replica';
