-- The matches that a document says something about, in order.
SELECT match_id, message, events, improper FROM course ORDER BY number;
