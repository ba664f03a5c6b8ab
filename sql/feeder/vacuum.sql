-- Frees one page at each step, by moving the last page into it.
PRAGMA incremental_vacuum;
