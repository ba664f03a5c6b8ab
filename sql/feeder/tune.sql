-- How feeder writes.
--
-- In WAL mode, NORMAL syncs at a checkpoint instead of at each commit: a power cut
-- may take the last commits back, and never leaves half of one.  The cache holds
-- what a large load dirties, in KiB, so that a page is written once and not each
-- time it makes room for another; it is only taken as it fills.  A kept -wal
-- file is cut to the size limit when it starts over: a large load does not leave
-- a large file for good.  Nothing here is secret: deleted bytes need not be
-- overwritten with zeros, as Debian's SQLite does.
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -65536;
PRAGMA journal_size_limit = 8388608;
PRAGMA secure_delete = OFF;
