-- The same as playlist_rename.sql, once that is done, in what is known of the match by now.
UPDATE course SET match_id = ?2, message = json_set(message, '$.match_id', ?2) WHERE match_id = ?1;
