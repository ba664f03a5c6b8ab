-- Takes the write lock immediately: a transaction that reads first can fail with SQLITE_BUSY
-- when it begins to write, and a busy timeout does not help.
BEGIN IMMEDIATE;
