-- For feeder check: attaches the database to check, ?1, to an empty one in memory, which is what
-- a log should look like.
ATTACH ?1 AS live;
