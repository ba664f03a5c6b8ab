-- The matches in the playlist: id, and one update.
SELECT match_id, min(data) FROM playlist WHERE match_id LIKE '%.%' GROUP BY match_id ORDER BY match_id;
