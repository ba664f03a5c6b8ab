-- A snapshot holds at most the ?1 most recently updated matches.  At which id do their
-- messages begin?  No row: there are no more than ?1 matches.
SELECT message_id
FROM matches
ORDER BY message_id DESC
LIMIT 1 OFFSET ?1 - 1;
