-- For feeder check: an empty database in memory, which is what the log should look like, has the
-- one to check, ?1, beside it.
ATTACH ?1 AS live;
