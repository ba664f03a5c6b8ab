-- The playlist in the order of events, from the instant ?1 to before ?2 (NULL: no such
-- bound): number, data, place, and time, in milliseconds of play after the first.
--
-- Matches run side by side.  If no kick-off is known, all begin at once.  Times without
-- play are cut to ?3 seconds: there may be days between two rounds.  A match's clock never
-- runs backwards.
WITH
placed AS (
    SELECT number, match_id, data, place,
           ifnull(min(kickoff) OVER (PARTITION BY match_id), 0)
           + ifnull(max(elapsed) OVER (PARTITION BY match_id ORDER BY number), 0) AS instant
    FROM playlist),
asked AS (
    SELECT *
    FROM placed
    WHERE ifnull(instant >= ?1, true) AND ifnull(instant < ?2, true)),
spell AS (
    SELECT match_id, min(instant) AS begins, max(instant) AS ends FROM asked GROUP BY match_id),
idle AS (
    SELECT match_id,
           begins - max(ends) OVER (ORDER BY begins, match_id
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seconds,
           begins
    FROM spell),
cut AS (
    SELECT match_id,
           sum(CASE WHEN seconds IS NULL THEN begins WHEN seconds > ?3 THEN seconds - ?3 ELSE 0 END)
           OVER (ORDER BY begins, match_id ROWS UNBOUNDED PRECEDING) AS seconds
    FROM idle)
SELECT number, data, place, CAST(round((instant - cut.seconds) * 1000) AS INTEGER)
FROM asked LEFT JOIN cut ON cut.match_id IS asked.match_id
ORDER BY instant, number;
