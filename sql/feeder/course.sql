-- What does a document say about each match?  Reads the playlist; one row per match, in the
-- order of kick-offs: match_id, message (the last update without its events), events
-- (what happened, in order, an array), the number of the first update that is not proper, and the digest of
-- the part of the document that it comes from.
--
-- In events, an entry without a type is a change of status.  Each entry has the score after it.
-- read_update.sql and explain_update.sql also define what a proper update is.
INSERT INTO course(match_id, message, events, improper, part)
WITH
step AS MATERIALIZED (
    SELECT number, ifnull(match_id, '') AS match_id, data, kickoff,
           data ->> '$.status' AS status, data -> '$.score' AS score,
           lag(data ->> '$.status') OVER match AS before,
           row_number() OVER match = 1 AS first,
           lead(number) OVER match IS NULL AS last,
           json_type(data, '$.home_team') = 'text' AND data ->> '$.home_team' <> ''
           AND json_type(data, '$.away_team') = 'text' AND data ->> '$.away_team' <> ''
           AND json_type(data, '$.score.home') = 'integer' AND json_type(data, '$.score.away') = 'integer'
           AND min(data ->> '$.score.home', data ->> '$.score.away') >= 0
           AND max(data ->> '$.score.home', data ->> '$.score.away') <= 999999999999999
           AND json_type(data, '$.time') = 'text' AND json_type(data, '$.status') = 'text'
           AND ifnull(json_type(data, '$.events'), 'array') = 'array'
           AND (data ->> '$.starts_at' IS NULL
                OR (data ->> '$.starts_at' GLOB '????-??-??T??:??*'
                    AND (data ->> '$.starts_at' GLOB '*[0-9]Z' OR data ->> '$.starts_at' GLOB '*[+-][0-9][0-9]:[0-9][0-9]')
                    AND date(substr(data ->> '$.starts_at', 1, 10), '+0 days') = substr(data ->> '$.starts_at', 1, 10)
                    AND julianday(data ->> '$.starts_at') IS NOT NULL))
           AND (data ->> '$.local_time' IS NULL
                OR (data ->> '$.local_time' GLOB '????-??-??*'
                    AND date(substr(data ->> '$.local_time', 1, 10), '+0 days') = substr(data ->> '$.local_time', 1, 10)
                    AND strftime('%Y-%m-%d %H:%M', data ->> '$.local_time') IN (data ->> '$.local_time',
                                                                            (data ->> '$.local_time') || ' 00:00')))
           AND ifnull(json_type(data, '$.leg'), 'null') IN ('integer', 'null') AS proper
    FROM (SELECT number, match_id, kickoff, CASE WHEN json_valid(data) THEN data END AS data FROM playlist)
    WINDOW match AS (PARTITION BY match_id ORDER BY number)),
entry(match_id, number, place, value, proper) AS (
    SELECT step.match_id, number, key,
           CASE event.type WHEN 'object'
                THEN json_set(value, '$.score', json(coalesce(value -> '$.score', score))) END,
           event.type = 'object' AND json_type(value, '$.type') = 'text'
           AND value ->> '$.type' GLOB '[a-z]*' AND value ->> '$.type' NOT GLOB '*[^a-z0-9_-]*'
           AND length(value ->> '$.type') <= 32 AND instr(value -> '$.type', '\u0000') = 0
           AND value ->> '$.type' NOT IN ('message', 'error', 'heartbeat', 'open', 'reset')
           AND ifnull(value ->> '$.team' IN ('home', 'away'), true)
           AND ifnull(json_type(value, '$.score'), 'object') = 'object'
    FROM step, json_each(CASE WHEN proper THEN data END, '$.events') AS event
    UNION ALL
    SELECT match_id, number, 1e9,
           json_object('time', data ->> '$.time', 'status', status, 'score', json(score)), proper
    FROM step
    WHERE proper IS NOT true OR first OR status IS NOT before),
told AS (
    SELECT match_id, json_group_array(json(value)) FILTER (WHERE value IS NOT NULL) AS events,
           min(number) FILTER (WHERE proper IS NOT true) AS improper
    FROM (SELECT * FROM entry ORDER BY match_id, number, place)
    GROUP BY match_id)
SELECT match_id, json_remove(step.data, '$.events'), events,
       CASE WHEN match_id = '' OR length(match_id) > 64 OR match_id GLOB '*[^!-+--~]*'
                 OR instr(step.data -> '$.match_id', '\u0000') > 0
            THEN ifnull(improper, number) ELSE improper END,
       (SELECT digest FROM part
        WHERE who IN (step.match_id, json_array(step.data ->> '$.home_team', step.data ->> '$.away_team')))
FROM step JOIN told USING (match_id)
WHERE last
ORDER BY kickoff, number;
