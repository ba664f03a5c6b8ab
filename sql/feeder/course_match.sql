-- The matches that a document says something about, in order.
SELECT match_id, message, events, improper, part FROM course ORDER BY number;
