-- The metrics as text, a row for each: Prometheus's format 0.0.4 or, with ?3, OpenMetrics 1.0.  This
-- table is the only place that has their types and descriptions.
--
-- ?1 and ?2 are facts as JSON objects, from facts.sql and from the program: a sample's name, without
-- "livescore_" and with its labels, and its value; or for a histogram an array of the sum in
-- microseconds and the number of durations of up to 250 us, 500 us, 1 ms ... and of longer ones.
-- Metrics without a sample are left out.  In OpenMetrics the family of a counter lacks "_total", unless
-- another metric has that name.
WITH
family(place, name, type, help) AS (VALUES
    (1, 'build_info', 'gauge', '1, with the versions of the program and of SQLite'),
    (2, 'connections', 'gauge', 'Clients that are connected'),
    (3, 'connections_max', 'gauge', 'Clients that may be connected at a time'),
    (4, 'connections_total', 'counter', 'Connections accepted, also those that were refused'),
    (5, 'refused_total', 'counter', 'Connections and requests that were refused because a limit was reached'),
    (6, 'responses_total', 'counter', 'Responses, by route and status'),
    (7, 'streams_ended_total', 'counter', 'Streams that have ended, by their reason'),
    (8, 'sent_bytes_total', 'counter', 'Bytes sent to clients, with the heads of responses'),
    (9, 'rows_sent_total', 'counter', 'Rows sent to clients'),
    (10, 'resets_total', 'counter', 'Clients whose cursor the log could not continue from'),
    (11, 'catchups_total', 'counter', 'Times that a viewer opened the database to read rows that the ring did not have'),
    (12, 'log_last_id', 'gauge', 'The id of the newest row'),
    (13, 'log_rows', 'gauge', 'Rows in the log'),
    (14, 'poller_alive_seconds', 'gauge', 'Time since the poller last showed that it is alive'),
    (15, 'poller_restarts_total', 'counter', 'Pollers that replaced one which had died'),
    (16, 'publish_delay_seconds', 'histogram', 'Time from a commit to its rows in the ring'),
    (17, 'send_delay_seconds', 'histogram', 'Time from the ring to the socket of a client, for each write'),
    (18, 'database_bytes', 'gauge', 'Size of the database'),
    (19, 'wal_bytes', 'gauge', 'Size of its write-ahead log'),
    (20, 'matches', 'gauge', 'Matches by state'),
    (21, 'replica_lag_seconds', 'gauge', 'Time since this replica last had all rows of its origin')),
fact AS MATERIALIZED (
    SELECT substr(key, 1, instr(key || '{', '{') - 1) AS name, substr(key, instr(key || '{', '{')) AS labels, type, value, id
    FROM (SELECT * FROM json_each(ifnull(?1, '{}')) UNION ALL SELECT * FROM json_each(?2))
    WHERE type <> 'null'),
bucket AS (
    SELECT name, key, value, sum(value) OVER (PARTITION BY name ORDER BY key) AS n,
           max(key) OVER (PARTITION BY name) AS last
    FROM (SELECT name, part.key, part.value FROM fact, json_each(fact.value) AS part
          WHERE fact.type = 'array' AND part.key > 0)),
sample(name, place, text) AS (
    SELECT name, id, name || labels || ' ' || value FROM fact WHERE type <> 'array'
    UNION ALL
    SELECT name, key, format('%s_bucket{le="%s"} %d', name, iif(key = last, '+Inf', format('%g', 250.0 * (1 << (key - 1)) / 1e6)), n)
    FROM bucket
    UNION ALL
    SELECT name, 1000, format('%s_sum %.6f', name, json_extract(value, '$[0]') / 1e6) FROM fact WHERE type = 'array'
    UNION ALL
    SELECT name, 1001, format('%s_count %d', name, n) FROM bucket WHERE key = last)
SELECT format('# HELP livescore_%s %s.' || char(10) || '# TYPE livescore_%s %s' || char(10) || '%s', title, help, title,
              iif(?3 AND type = 'counter' AND title = name, 'unknown', type),
              (SELECT group_concat('livescore_' || text || char(10), '')
               FROM (SELECT text FROM sample WHERE sample.name = family.name ORDER BY place)))
FROM (SELECT *, iif(?3 AND type = 'counter' AND trimmed NOT IN (SELECT name FROM family), trimmed, name) AS title
      FROM (SELECT *, substr(name, 1, length(name) - length('_total')) AS trimmed FROM family)) AS family
WHERE name IN (SELECT name FROM fact)
UNION ALL
SELECT '# EOF' || char(10) WHERE ?3;
