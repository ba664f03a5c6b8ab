-- Records what the document says about the match ?1, and the id of the message for it.
INSERT OR REPLACE INTO sources(match_id, message, events, message_id)
SELECT match_id, ?2, ?3, message_id FROM matches WHERE match_id = ?1;
