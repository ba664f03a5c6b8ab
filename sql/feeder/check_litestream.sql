-- Does, or did, Litestream replicate this database?  It keeps this table, and empties the -wal itself.
SELECT 1 FROM sqlite_schema WHERE name = '_litestream_seq';
