-- For a file that is deleted unless it is completed: no journal, no syncs.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
