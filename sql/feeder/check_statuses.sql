-- Which statuses in the log are not in the table statuses?  One sentence each.  They are not damage, but
-- taking such a match for live, or for upcoming, may be wrong.
SELECT format('the status %s of %d message%s is unknown, and counts as live with a clock, else as upcoming: '
              || '''INSERT INTO statuses(word, state) VALUES (%Q, ''finished'')'' in sqlite3 changes that',
              json_quote(substr(status, 1, 60)), messages, iif(messages = 1, '', 's'), substr(word, 1, 60))
FROM (SELECT data ->> '$.status' AS status, count(*) AS messages,
             replace(replace(replace(lower(trim(data ->> '$.status')), ' ', ''), '-', ''), '_', '') AS word
      FROM match_events
      WHERE type = 'message' AND json_valid(data) AND json_type(data, '$.status') = 'text'
      GROUP BY word)
WHERE word <> '' AND word NOT IN (SELECT word FROM statuses)
ORDER BY messages DESC, word
LIMIT 20;
