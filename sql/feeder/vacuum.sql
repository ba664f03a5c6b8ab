-- Gives free pages back, one at each step, by moving the last page into one of them.
PRAGMA incremental_vacuum;
