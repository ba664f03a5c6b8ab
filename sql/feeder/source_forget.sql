-- Deletes what a document said about a match that was forgotten.
DELETE FROM sources WHERE match_id = ?1;
