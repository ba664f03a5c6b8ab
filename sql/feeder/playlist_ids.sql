-- The matches in the playlist: the id of each, and an update of it.
SELECT match_id, min(data) FROM playlist WHERE match_id LIKE '%.%' GROUP BY match_id ORDER BY match_id;
