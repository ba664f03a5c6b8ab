-- Has the document changed about the match ?1 since the last time?  ?2 and ?3 are what course.sql
-- makes of it.  2: the match is new; 1: yes; 0: no.
SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM matches WHERE match_id = ?1) THEN 2
            ELSE NOT EXISTS (SELECT 1 FROM sources WHERE match_id = ?1 AND message = ?2 AND events = ?3) END;
