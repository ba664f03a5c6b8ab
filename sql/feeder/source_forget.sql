-- Forgets what a document said about a match that is not known any more.
DELETE FROM sources WHERE match_id = ?1;
