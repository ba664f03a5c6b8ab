-- How livescore reads.
--
-- A small cache, in KiB: a million rows took 297 ms of CPU with it and 301 ms with
-- SQLite's default of 2 MiB, and the process 0.2 MB of heap instead of 2.1; ten thousand
-- clients may catch up at once.  mmap_size would have taken 11 % off, and killed the
-- process (SIGBUS) when a file is cut short.  The size of lookaside made no difference.
PRAGMA cache_size = -64;
