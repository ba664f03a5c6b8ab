-- How feeder writes.
--
-- In WAL mode, NORMAL syncs at a checkpoint instead of at each commit: a power cut may lose
-- the last commits, but never half of one.  The cache, in KiB, holds the pages that a large
-- load changes, so that each is written once; memory is used only as the cache fills.  The
-- size limit truncates the -wal when it restarts, so that a large load does not leave a
-- large file.  Nothing here is secret: deleted bytes need not be overwritten with zeros,
-- as Debian's SQLite does.
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -65536;
PRAGMA journal_size_limit = 8388608;
PRAGMA secure_delete = OFF;
