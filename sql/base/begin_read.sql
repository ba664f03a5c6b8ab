-- All reads until COMMIT see one state of the database.
BEGIN;
