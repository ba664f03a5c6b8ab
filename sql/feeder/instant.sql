-- ?1, a day with or without a time, in UTC unless it has a zone, in seconds since 1970:
-- 2022-12-18, 2022-12-18T18:00, 2022-12-18T18:00:00+03:00.  With ?2, a day without a time
-- means its end.  NULL: it is not a time.
SELECT CAST(strftime('%s', ?1, iif(?2 AND length(?1) = 10, '+1 day', '+0 days')) AS INTEGER)
WHERE ?1 GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
      AND (length(?1) = 10 OR substr(?1, 11, 1) IN ('T', ' '));
