-- For feeder upgrade, from schema 1, where the ids of openfootball's matches were row numbers.  Which matches
-- can't be identified by their teams?  One sentence for each kind.  The others keep their ids (known_as.sql).
WITH
numbered AS MATERIALIZED (
    SELECT match_id, home_team, away_team, competition
    FROM matches
    WHERE competition IS NOT NULL AND instr(match_id, '.') = 0
          AND match_id GLOB '*-[0-9]*' AND rtrim(match_id, '0123456789') GLOB '*-'),
mixed(match_id) AS (
    SELECT match_id
    FROM (SELECT DISTINCT match_id, data ->> '$.home_team', data ->> '$.away_team'
          FROM match_events
          WHERE type = 'message' AND match_id IN (SELECT match_id FROM numbered))
    GROUP BY match_id
    HAVING count(*) > 1),
twice(match_id) AS (
    SELECT min(match_id) FROM numbered GROUP BY competition, home_team, away_team HAVING count(*) > 1)
SELECT format('the log of %d match%s is about several matches, such as that of %s, whose id was the number of a row: '
              || '''DELETE FROM match_events WHERE match_id = %Q; DELETE FROM matches WHERE match_id = %Q'' in sqlite3, '
              || 'and load the document again', count(*), iif(count(*) = 1, '', 'es'), min(match_id), min(match_id), min(match_id))
FROM mixed
HAVING count(*) > 0
UNION ALL
SELECT format('%d pair%s of teams met more than once in a season, such as in %s: row numbers can''t tell them apart, '
              || 'and the next document adds them under new ids', count(*), iif(count(*) = 1, '', 's'), min(match_id))
FROM twice
HAVING count(*) > 0;
