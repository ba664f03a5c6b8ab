-- The states of matches whose rows the origin has deleted are in the log: they stay in matches, and
-- their rows go here, too.
DELETE FROM match_events;
