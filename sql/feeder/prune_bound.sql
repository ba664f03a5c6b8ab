-- Up to which id may the log be pruned, how many rows is that, and how many are there?  Then
-- how many rows tell a time that can't be right, the first of these, and the time it tells.
-- Last, what speaks for a clock that has jumped ahead, if anything does, and whether that is
-- more than silence: a gap in the log.
--
-- Of the oldest rows those that are more than ?1 ms old (0: all, -1: however young), up to the
-- first that is not, but never one of the newest ?2.  No id: there is nothing to prune.
--
-- A time can't be right if it is not written as the schema wants it, or more than a day ahead.
-- Such a row neither goes nor keeps others by itself: it goes when an old one behind it does.
-- All other rows are as old as they say.  But no row may be young, or the last old one and the
-- first young one be further apart than ?1, and than 30 days: then it may be the clock that is
-- wrong, and without --keep-last nothing tells how much of the log would be left.
WITH
edge(old, future) AS MATERIALIZED (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', format('-%.3f seconds', ?1 / 1000.0)),
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day')),
log(id, told) AS NOT MATERIALIZED (
    SELECT id, CASE WHEN ?1 <= 0 THEN '' -- nobody asks
                    WHEN created_at <= (SELECT future FROM edge)
                         AND length(CAST(created_at AS BLOB)) = 24
                         AND created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9]Z'
                         AND julianday(created_at) IS NOT NULL THEN created_at END
    FROM match_events),
-- the first row that stays, whatever those before it tell
stop(id) AS MATERIALIZED (
    SELECT min(ifnull((SELECT id FROM log WHERE told >= (SELECT old FROM edge) ORDER BY id LIMIT 1),
                      9223372036854775807),
               iif(?2 = 0, 9223372036854775807,
                   ifnull((SELECT id FROM match_events ORDER BY id DESC LIMIT 1 OFFSET ?2 - 1), 0)))),
upto(id) AS MATERIALIZED (
    SELECT max(id) FROM log WHERE id < (SELECT id FROM stop) AND told IS NOT NULL),
odd(rows, id) AS (
    SELECT count(*), min(id) FROM log WHERE id < (SELECT id FROM stop) AND told IS NULL)
SELECT (SELECT id FROM upto),
       (SELECT count(*) FROM match_events WHERE id <= (SELECT id FROM upto)),
       (SELECT count(*) FROM match_events),
       odd.rows, odd.id, (SELECT substr(created_at, 1, 40) FROM match_events WHERE match_events.id = odd.id),
       CASE WHEN ?1 <= 0 OR ?2 > 0 OR old.id IS NULL THEN NULL
            WHEN young.id IS NULL THEN format('no row is younger, the newest is of %s', old.created_at)
            WHEN julianday(young.created_at) - julianday(old.created_at) > max(30, ?1 / 86400000.0)
            THEN format('row %d is of %s and row %d of %s', old.id, old.created_at, young.id, young.created_at) END,
       young.id IS NOT NULL
FROM odd
     LEFT JOIN match_events AS old ON old.id = (SELECT id FROM upto)
     LEFT JOIN match_events AS young ON young.id = (SELECT id FROM stop);
