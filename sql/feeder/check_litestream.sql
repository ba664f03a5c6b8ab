-- Does Litestream replicate this database, or has it?  It keeps these tables, and empties the -wal itself.
SELECT 1 FROM sqlite_schema WHERE name = '_litestream_seq';
