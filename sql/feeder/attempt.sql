-- Begins an attempt, within a transaction.
SAVEPOINT attempt;
