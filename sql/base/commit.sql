-- Ends a transaction, of reads or of writes.
COMMIT;
