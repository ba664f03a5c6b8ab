-- Does a part that is known tell of a match that another one, which is not known, tells of as well?
SELECT 1 FROM part WHERE match_id IN (SELECT match_id FROM playlist) LIMIT 1;
