-- Puts in the update ?1, of a match with the kick-off ?2, ?3 seconds after it, from the
-- place ?4, with the problem ?5.  What is no update comes to light when it is its turn.
INSERT INTO playlist(match_id, data, kickoff, elapsed, place, problem)
VALUES (CASE WHEN json_valid(?1) THEN ?1 ->> '$.match_id' END, ?1,
        CAST(strftime('%s', ?2) AS INTEGER), CAST(?3 AS REAL), ?4, ?5);
