-- Ends an attempt, and undoes it.
ROLLBACK TO attempt;
RELEASE attempt;
