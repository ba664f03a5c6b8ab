-- A snapshot is at most ?1 matches, those updated last.  Which id do their
-- messages begin with?  No row: there are fewer matches than that.
SELECT message_id
FROM matches
ORDER BY message_id DESC
LIMIT 1 OFFSET ?1 - 1;
