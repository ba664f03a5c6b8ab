-- Up to which id may the log be pruned, how many rows is that, and how many are there?  Then
-- the number of rows with a time that can't be right, the first of these, and its time.
-- Last, signs that the clock has jumped ahead, if any, and whether they are more than
-- silence (a gap in the log).
--
-- Pruned are the oldest rows: those more than ?1 ms old (0: all, -1: of any age), up to the
-- first that is younger, but never one of the newest ?2.  No id: there is nothing to prune.
--
-- A time can't be right if it is not in the schema's form, or more than a day ahead.
-- Such a row is neither old nor young: it is deleted with the next old row after it.
-- All other times are believed.  But if no row is young, or more than ?1 and more than 30 days
-- lie between the last old row and the first young one, the clock may be wrong, and without
-- --keep-last too much of the log might be deleted.
WITH
edge(old, future) AS MATERIALIZED (
    SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now', format('-%.3f seconds', ?1 / 1000.0)),
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day')),
log(id, told) AS NOT MATERIALIZED (
    SELECT id, CASE WHEN ?1 <= 0 THEN '' -- not needed
                    WHEN created_at <= (SELECT future FROM edge)
                         AND length(CAST(created_at AS BLOB)) = 24
                         AND created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9]Z'
                         AND julianday(created_at) IS NOT NULL THEN created_at END
    FROM match_events),
-- the first row that stays, whatever the times before it
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
