-- Drops the matches that have a problem.
DELETE FROM playlist
WHERE problem IS NOT NULL
      OR match_id IN (SELECT match_id FROM playlist WHERE problem IS NOT NULL AND match_id IS NOT NULL);
