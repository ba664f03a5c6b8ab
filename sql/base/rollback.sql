-- Takes back everything since BEGIN.
ROLLBACK;
