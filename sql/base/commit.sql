-- Ends a read or write transaction.
COMMIT;
