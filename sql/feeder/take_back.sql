-- Ends an attempt, and takes back what it did.
ROLLBACK TO attempt;
RELEASE attempt;
