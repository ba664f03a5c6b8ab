-- Takes the write lock at once: a transaction that begins with a read and then
-- writes can fail in its middle with SQLITE_BUSY, and no waiting helps it.
BEGIN IMMEDIATE;
