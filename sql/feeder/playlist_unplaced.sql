-- The first update of a match without a kick-off; no row: there is none.
SELECT min(number), match_id
FROM playlist
GROUP BY match_id
HAVING max(kickoff) IS NULL
ORDER BY min(number)
LIMIT 1;
