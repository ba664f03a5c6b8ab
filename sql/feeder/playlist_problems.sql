-- What is wrong with the document?  A sentence for each match that its format complains about.  If there
-- are several, teams and day are put first, unless the sentence has them.
SELECT CASE WHEN instr(problem, home) > 0 OR matches = 1 THEN problem
            ELSE ifnull(home || ' - ' || away || ifnull(' on ' || date(kickoff, 'unixepoch'), '') || ': ', '') || problem END
FROM (SELECT *, row_number() OVER (PARTITION BY ifnull(match_id, number) ORDER BY number) AS nth,
             CASE WHEN json_valid(data) THEN data ->> '$.home_team' END AS home,
             CASE WHEN json_valid(data) THEN data ->> '$.away_team' END AS away
      FROM playlist
      WHERE problem IS NOT NULL),
     (SELECT count(DISTINCT match_id) AS matches FROM playlist)
WHERE nth = 1
ORDER BY number;
