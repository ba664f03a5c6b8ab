-- Adds the update ?1: kick-off ?2, ?3 seconds after it, from the place ?4, with the problem ?5.
-- Text that is not an update is reported when its turn comes.
INSERT INTO playlist(match_id, data, kickoff, elapsed, place, problem)
VALUES (CASE WHEN json_valid(?1) THEN ?1 ->> '$.match_id' END, ?1,
        CAST(strftime('%s', ?2) AS INTEGER), CAST(?3 AS REAL), ?4, ?5);
