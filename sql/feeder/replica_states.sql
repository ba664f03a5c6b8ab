-- The log has states of matches whose rows the origin has deleted: they stay in matches, and their rows
-- are deleted here, too.
DELETE FROM match_events;
