-- `feeder load` done with the sqlite3 tool: inserts the same rows at once, from the document
-- in the file named by :file.  Checks nothing.
INSERT INTO match_events(match_id, type, data)
WITH
said AS MATERIALIZED (
    SELECT key AS number, value AS message,
           value ->> '$.match_id' AS match_id, value ->> '$.status' AS status
    FROM json_each(readfile(:file))),
turned AS (
    SELECT *, lag(status) OVER (PARTITION BY match_id ORDER BY number) AS before FROM said)
SELECT match_id, type, data
FROM (SELECT number, 0 AS part, key AS place, match_id, value ->> '$.type' AS type,
             '{"match_id":' || (message -> '$.match_id') || ',"home_team":' || (message -> '$.home_team')
             || ',"away_team":' || (message -> '$.away_team') || ',"score":' || (message -> '$.score')
             || ',' || substr(json_remove(value, '$.type'), 2) AS data
      FROM said, json_each(message, '$.events')
      UNION ALL
      SELECT number, 1, 0, match_id,
             CASE status WHEN 'First Half' THEN 'kickoff' WHEN 'Half Time' THEN 'halftime'
                         WHEN 'Second Half' THEN 'secondhalf' ELSE 'fulltime' END,
             '{"match_id":' || (message -> '$.match_id') || ',"home_team":' || (message -> '$.home_team')
             || ',"away_team":' || (message -> '$.away_team') || ',"score":' || (message -> '$.score')
             || ',"time":' || (message -> '$.time') || ',"status":' || (message -> '$.status') || '}'
      FROM turned
      WHERE status IS NOT before
      UNION ALL
      SELECT number, 2, 0, match_id, 'message', message FROM said)
ORDER BY number, part, place;
