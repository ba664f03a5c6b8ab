-- Moves the contents of the -wal into the database, as far as readers allow, without waiting.
-- Returns: busy, pages in the -wal, pages moved.
PRAGMA wal_checkpoint(PASSIVE);
