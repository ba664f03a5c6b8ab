-- Moves what the -wal holds into the database, as far as no reader needs the -wal for it,
-- and waits for nobody.  Returns: busy, pages in the -wal, pages of them moved.
PRAGMA wal_checkpoint(PASSIVE);
