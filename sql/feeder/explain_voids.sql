-- Can an event with the data ?1, in the match ?2 (NULL: any), take back what its "voids"
-- names?  What was expected, and what was found.  No row: it can, or there is no
-- "voids".
WITH
named(id, found) AS (
    SELECT CASE json_type(?1, '$.voids') WHEN 'integer' THEN ?1 ->> '$.voids' END, ?1 -> '$.voids'
    WHERE json_type(?1, '$.voids') IS NOT NULL),
voided AS (
    SELECT id, match_id, type, data FROM match_events WHERE id = (SELECT id FROM named)),
problem(expected, found) AS (
    SELECT 'the id of an existing row',
           iif(id BETWEEN 1 AND (SELECT value FROM meta WHERE key = 'pruned'), id || ', which was pruned', found)
    FROM named
    WHERE NOT EXISTS (SELECT 1 FROM voided)
    UNION ALL
    SELECT 'an event of ' || ?2, id || ', which is of ' || match_id FROM voided WHERE match_id <> ?2
    UNION ALL
    SELECT 'an event', id || ', a message (a new one corrects it)' FROM voided WHERE type = 'message'
    UNION ALL
    SELECT 'an event', id || ', a void (add the event again)' FROM voided WHERE type = 'void'
    UNION ALL
    SELECT 'an event that still counts',
           voided.id || ', which row ' || min(later.id) || ' has taken back'
    FROM voided JOIN match_events AS later ON later.match_id = voided.match_id AND later.id > voided.id
    WHERE later.data ->> '$.voids' = voided.id
    GROUP BY voided.id
    UNION ALL
    SELECT 'a goal for "home" or "away"', id || ', which does not say its team'
    FROM voided
    WHERE type IN ('goal', 'own-goal', 'penalty', 'shootout-goal')
          AND data ->> '$.team' IN ('home', 'away') IS NOT true)
SELECT ?3, expected, iif(length(found) > 60, substr(found, 1, 60) || '...', found) FROM problem LIMIT 1;
