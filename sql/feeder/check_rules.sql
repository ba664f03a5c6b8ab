-- A statement that creates a view of the rows in "live" that today's schema would refuse: with
-- each CHECK of match_events in main, by name.  The first that a row violates counts.
-- (In the schema, a CHECK ends at the first ")" at the end of a line, or before a comma there.)
WITH
piece(text, rest) AS (
    SELECT NULL, sql FROM sqlite_schema WHERE name = 'match_events' AND type = 'table'
    UNION ALL
    SELECT substr(rest, 1, ifnull(nullif(instr(rest, 'CONSTRAINT "'), 0), length(rest) + 1) - 1),
           substr(rest, nullif(instr(rest, 'CONSTRAINT "'), 0) + length('CONSTRAINT "'))
    FROM piece
    WHERE rest IS NOT NULL),
rule(name, test) AS (
    SELECT substr(text, 1, instr(text, '"') - 1),
           substr(body, 1, min(ifnull(nullif(instr(body, ')' || char(10)), 0), length(body)),
                               ifnull(nullif(instr(body, '),' || char(10)), 0), length(body))))
    FROM (SELECT text, substr(text, instr(text, 'CHECK (') + length('CHECK ')) AS body
          FROM piece
          WHERE text LIKE '%CHECK (%'))
SELECT 'CREATE TEMP VIEW broken AS SELECT id, CASE '
       || group_concat(format('WHEN NOT %s THEN %Q', test, name), ' ')
       || ' END AS rule, created_at FROM live.match_events'
FROM rule;
