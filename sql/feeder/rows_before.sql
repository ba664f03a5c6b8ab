-- The rows that go before the message of the proper update ?1, in order: type, data.
--
-- First, a row for each entry of its events: what every row tells (the match, the
-- teams and the score, unless the event has a score of its own), then the event's
-- own fields.  A NULL type: the entry is not a proper event.
--
-- Last, a row for a change of status, such as 'halftime', if the status is one of
-- those listed here, whatever their case, spaces and hyphens; if it means
-- something else than the match's status before (which is that of its last
-- message or, where that is unknown here, its last row of such a type); and unless
-- one of the events says the same.
WITH
meaning(status, type) AS (
    VALUES ('scheduled', NULL), ('notstarted', NULL), ('ns', NULL), ('timed', NULL), ('prematch', NULL),
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
match(match_id, before) AS (
    SELECT ?1 ->> '$.match_id',
           (SELECT status FROM matches WHERE match_id = ?1 ->> '$.match_id')),
now(type) AS (
    SELECT type FROM meaning
    WHERE status = replace(replace(replace(lower(?1 ->> '$.status'), ' ', ''), '-', ''), '_', '')),
before(type) AS (
    SELECT type FROM meaning, match
    WHERE status = replace(replace(replace(lower(match.before), ' ', ''), '-', ''), '_', '')
    UNION ALL
    SELECT * FROM (SELECT type FROM match_events
                   WHERE match_id = (SELECT match_id FROM match)
                         AND type IN (SELECT type FROM meaning)
                   ORDER BY id DESC
                   LIMIT 1)
    LIMIT 1),
told(fields) AS (
    SELECT '"match_id":' || (?1 -> '$.match_id') || ',"home_team":' || (?1 -> '$.home_team')
           || ',"away_team":' || (?1 -> '$.away_team') || ',"score":')
SELECT type, data
FROM (SELECT key AS place,
             CASE WHEN event.type = 'object'
                       AND json_type(value, '$.type') = 'text'
                       AND ifnull(value ->> '$.team' IN ('home', 'away'), true)
                       AND ifnull(json_type(value, '$.score'), 'object') = 'object'
                  THEN value ->> '$.type' END AS type,
             '{' || fields || coalesce(value -> '$.score', ?1 -> '$.score')
             || CASE own WHEN '{}' THEN '}' ELSE ',' || substr(own, 2) END AS data
      FROM told, (SELECT *, CASE type WHEN 'object'
                            THEN json_remove(value, '$.type', '$.score', '$.match_id',
                                                    '$.home_team', '$.away_team') END AS own
                  FROM json_each(?1, '$.events')) AS event
      UNION ALL
      SELECT 9e9, type,
             '{' || fields || (?1 -> '$.score') || ',"time":' || (?1 -> '$.time')
             || ',"status":' || (?1 -> '$.status') || '}'
      FROM told, now
      WHERE type IS NOT (SELECT type FROM before)
            AND type NOT IN (SELECT value ->> '$.type' FROM json_each(?1, '$.events')
                             WHERE json_each.type = 'object'))
ORDER BY place;
