-- What does the update ?1 say?  Its match, the message that it becomes, and
-- whether rows go before that message: events, or a status that is not the match's
-- last one.  No row, or an error, if it is not a proper update: then
-- explain_update.sql says why.
--
-- Each call of a JSON function costs as much as looking up several paths in it,
-- so two calls fetch all there is to check.  The texts come as a JSON array of
-- strings: once escapes are out of the way, as many quotes as five strings have,
-- at the places where they belong, leave room for nothing else.  The score comes
-- as '[1,0]': two numbers made of digits.  What match_id may be made of, the
-- table's own CHECK knows.
SELECT ?1 ->> '$.match_id',
       json(?1),
       (SELECT status FROM matches WHERE match_id = ?1 ->> '$.match_id') IS NOT ?1 ->> '$.status'
       OR ifnull(json_array_length(?1, '$.events'), 0) > 0
FROM (SELECT replace(replace(json_extract(?1, '$.match_id', '$.home_team', '$.away_team',
                                              '$.time', '$.status'),
                             '\\', '/'), '\"', '''') AS texts,
             json_extract(?1, '$.score.home', '$.score.away') AS score
      WHERE json_valid(?1))
WHERE texts GLOB '[[]"?*","?*","?*","*","*"]'
      AND length(texts) - length(replace(texts, '"', '')) = 10
      AND instr(texts, '\u0000') = 0
      AND score GLOB '[[][0-9]*,[0-9]*]'
      AND substr(score, 2, length(score) - 2) NOT GLOB '*[^0-9,]*'
      AND length(score) <= 2 * 15 + 3
      AND ifnull(json_type(?1, '$.events'), 'array') = 'array';
