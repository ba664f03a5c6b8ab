-- The log of a replica is to be built anew: it forgets all that it had.
DELETE FROM match_events;
DELETE FROM matches;
DELETE FROM sqlite_sequence WHERE name = 'match_events';
UPDATE meta SET value = 0 WHERE key = 'pruned';
