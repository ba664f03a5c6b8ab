-- All reads until COMMIT see the same state of the database.
BEGIN;
