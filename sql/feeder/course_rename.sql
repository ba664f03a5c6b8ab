-- After playlist_rename.sql: the same for course.
UPDATE course SET match_id = ?2, message = json_set(message, '$.match_id', ?2) WHERE match_id = ?1;
