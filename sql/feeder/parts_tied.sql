-- Does a match belong both to a known and to an unknown part?
SELECT 1 FROM part WHERE match_id IN (SELECT match_id FROM playlist) LIMIT 1;
