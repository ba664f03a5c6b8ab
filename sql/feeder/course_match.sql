-- The matches in a document, in order.
SELECT match_id, message, events, improper, part FROM course ORDER BY number;
