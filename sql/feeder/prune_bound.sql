-- Up to which id may the log be pruned, how many rows is that, and how many are there?  Then
-- how many rows tell a time that can't be right, the first of these, and the time it tells.
--
-- Of the oldest rows those that are more than ?1 ms old (0: all, -1: however young), up to the
-- first that is not, but never one of the newest ?2.  No id: there is nothing to prune.
--
-- A time can't be right if it is not written as created_at has it by default, if it is more
-- than a day from now, or from before there was a livescore; nor if it is more than a day
-- before that of an older row: then a clock has gone back.  Such a row neither goes nor keeps
-- others by itself: it goes when a row behind it does.  (Of those that have none, the older
-- row stays too, or the next to ask would not know.)
WITH
edge(old, future) AS MATERIALIZED (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', format('-%.3f seconds', ?1 / 1000.0)),
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day')),
log(id, told) AS NOT MATERIALIZED (
    SELECT id, CASE WHEN created_at > '2025' AND created_at < (SELECT future FROM edge)
                         AND created_at GLOB '????-??-??T??:??:??.???Z' THEN created_at END
    FROM match_events),
young(id) AS (
    SELECT id FROM match_events
    WHERE ?1 > 0 AND created_at >= (SELECT old FROM edge)
          AND EXISTS (SELECT 1 FROM log WHERE log.id = match_events.id AND told IS NOT NULL)
    ORDER BY id LIMIT 1),
kept(id) AS (SELECT id FROM match_events ORDER BY id DESC LIMIT 1 OFFSET ?2 - 1),
-- the first row that stays, whatever those before it tell
stop(id) AS MATERIALIZED (
    SELECT min(ifnull((SELECT id FROM young), 9223372036854775807),
               CASE WHEN ?2 = 0 THEN 9223372036854775807 ELSE ifnull((SELECT id FROM kept), 0) END)),
passed(newest, odd) AS MATERIALIZED (
    SELECT max(told), count(*) - count(told) FROM log WHERE ?1 > 0 AND id < (SELECT id FROM stop)),
last(id) AS MATERIALIZED (
    SELECT id FROM log
    WHERE id < (SELECT id FROM stop)
          AND (?1 <= 0 OR told >= (SELECT strftime('%Y-%m-%dT%H:%M:%fZ', newest, '-1 day') FROM passed))
    ORDER BY id DESC LIMIT 1),
back(odd) AS MATERIALIZED (
    SELECT count(told) FROM log
    WHERE ?1 > 0 AND id > (SELECT id FROM last) AND id < (SELECT id FROM stop)),
upto(id) AS MATERIALIZED (
    SELECT CASE WHEN odd = 0 THEN (SELECT id FROM last)
                ELSE (SELECT max(id) FROM match_events
                      WHERE id < (SELECT id FROM log
                                  WHERE id <= (SELECT id FROM last) AND told = (SELECT newest FROM passed)
                                  ORDER BY id DESC LIMIT 1)) END
    FROM back),
odd(rows, id) AS (
    SELECT passed.odd + back.odd,
           CASE WHEN passed.odd + back.odd > 0
                THEN (SELECT id FROM log WHERE told IS NULL OR id > (SELECT id FROM last) ORDER BY id LIMIT 1) END
    FROM passed, back)
SELECT (SELECT id FROM upto),
       (SELECT count(*) FROM match_events WHERE id <= (SELECT id FROM upto)),
       (SELECT count(*) FROM match_events),
       rows, id, (SELECT substr(created_at, 1, 40) FROM match_events WHERE match_events.id = odd.id)
FROM odd;
