-- How livescore reads.
--
-- The cache, in KiB, is small: a million rows took 297 ms of CPU, against 301 ms with
-- SQLite's default of 2 MiB, and 0.2 MB of heap instead of 2.1; ten thousand clients may
-- catch up at once.  mmap_size would save 11 %, but SIGBUS would kill the process
-- when the file is truncated.  The size of lookaside made no difference.
--
-- The sandbox forbids temporary files, for sorting and for common tables.
PRAGMA cache_size = -64;
PRAGMA temp_store = MEMORY;
