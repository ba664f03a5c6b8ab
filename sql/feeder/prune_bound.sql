-- Up to which id may the log be pruned, how many rows is that, and how many are there?
--
-- Of the oldest rows those that are more than ?1 ms old (-1: however young), up to the
-- first that is not, but never one of the newest ?2.  No id: there is nothing to prune.
WITH
young(id) AS (
    SELECT id FROM match_events
    WHERE ?1 >= 0 AND created_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now',
                                             format('-%.3f seconds', ?1 / 1000.0))
    ORDER BY id LIMIT 1),
kept(id) AS (SELECT id FROM match_events ORDER BY id DESC LIMIT 1 OFFSET ?2 - 1)
SELECT max(id), count(*), (SELECT count(*) FROM match_events)
FROM match_events
WHERE id < ifnull((SELECT id FROM young), 9223372036854775807)
      AND CASE WHEN ?2 = 0 THEN true ELSE id < ifnull((SELECT id FROM kept), 0) END;
