-- Gives the match ?1 the id ?2, unless another match of the document has that.
UPDATE playlist
SET match_id = ?2, data = json_set(data, '$.match_id', ?2)
WHERE match_id = ?1 AND NOT EXISTS (SELECT 1 FROM playlist WHERE match_id = ?2)
      AND NOT EXISTS (SELECT 1 FROM part WHERE match_id = ?2);
