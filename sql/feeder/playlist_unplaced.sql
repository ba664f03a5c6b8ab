-- Which update is of a match whose kick-off nobody tells?  The first one; no row: none is.
SELECT min(number), match_id
FROM playlist
GROUP BY match_id
HAVING max(kickoff) IS NULL
ORDER BY min(number)
LIMIT 1;
