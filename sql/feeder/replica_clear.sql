-- Empties a replica, to rebuild its log.
DELETE FROM match_events;
DELETE FROM matches;
DELETE FROM sqlite_sequence WHERE name = 'match_events';
UPDATE meta SET value = 0 WHERE key = 'pruned';
