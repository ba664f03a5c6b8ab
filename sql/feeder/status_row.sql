-- The row, type and data, for the change of status that the proper update ?1
-- brings, such as 'halftime'.
--
-- There is one if the status is one of those listed here, whatever its case,
-- spaces and hyphens (an empty type: a status that is known, and gives no row);
-- if it means something else than the match's status before (which is that of its
-- last message or, where that is unknown here, its last row of such a type); and
-- unless one of the update's events says the same.
WITH
meaning(status, type) AS (
    VALUES ('scheduled', ''), ('notstarted', ''), ('ns', ''), ('timed', ''), ('prematch', ''),
           ('kickoff', 'kickoff'), ('firsthalf', 'kickoff'), ('1sthalf', 'kickoff'), ('1h', 'kickoff'),
           ('halftime', 'halftime'), ('ht', 'halftime'), ('paused', 'halftime'),
           ('secondhalf', 'secondhalf'), ('2ndhalf', 'secondhalf'), ('2h', 'secondhalf'),
           ('extratime', 'extra-time'), ('et', 'extra-time'),
           ('firsthalfextratime', 'extra-time'), ('extratimefirsthalf', 'extra-time'),
           ('secondhalfextratime', 'extra-time'), ('extratimesecondhalf', 'extra-time'),
           ('penaltyshootout', 'shootout'), ('shootout', 'shootout'), ('penalties', 'shootout'),
           ('fulltime', 'fulltime'), ('ft', 'fulltime'), ('finished', 'fulltime'), ('ended', 'fulltime'),
           ('afterextratime', 'fulltime'), ('aet', 'fulltime'),
           ('afterpenalties', 'fulltime'), ('ap', 'fulltime'),
           ('postponed', 'postponed'), ('abandoned', 'abandoned'), ('suspended', 'suspended'),
           ('interrupted', 'suspended'), ('delayed', 'delayed'),
           ('cancelled', 'cancelled'), ('canceled', 'cancelled')),
change(now, before, match_id) AS (
    SELECT replace(replace(replace(lower(?1 ->> '$.status'), ' ', ''), '-', ''), '_', ''),
           replace(replace(replace(lower(status), ' ', ''), '-', ''), '_', ''),
           ?1 ->> '$.match_id'
    FROM (SELECT (SELECT status FROM matches WHERE match_id = ?1 ->> '$.match_id') AS status)
    WHERE status IS NOT ?1 ->> '$.status'),
turn(type) AS (
    SELECT type
    FROM change, meaning
    WHERE meaning.status = now AND type <> ''
          AND type IS NOT coalesce((SELECT type FROM meaning WHERE status = before),
                                   (SELECT type FROM match_events
                                    WHERE match_id = change.match_id
                                          AND type IN (SELECT type FROM meaning)
                                    ORDER BY id DESC
                                    LIMIT 1)))
SELECT type,
       '{"match_id":' || (?1 -> '$.match_id') || ',"home_team":' || (?1 -> '$.home_team')
       || ',"away_team":' || (?1 -> '$.away_team') || ',"score":' || (?1 -> '$.score')
       || ',"time":' || (?1 -> '$.time') || ',"status":' || (?1 -> '$.status') || '}'
FROM turn
WHERE type NOT IN (SELECT value ->> '$.type'
                   FROM json_each(?1, '$.events') AS event
                   WHERE event.type = 'object');
