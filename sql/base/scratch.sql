-- For a file that is thrown away if it is not completed: no journal, and no syncs.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
