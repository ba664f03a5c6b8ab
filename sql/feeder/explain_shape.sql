-- Which item of the JSON document ?1 is not an object but must be, in every format?  Matches, rounds and events: the items of
-- the document if it is an array, of its "matches" or "rounds", or of the "matches" of a round.  For the first such item: its
-- path, what was expected, the start of what was found, and the document without it (NULL: nothing is left); with ?2, an
-- item whose removal does not move the others.  No row: all are objects.
WITH
list(path, list) AS (
    SELECT '', ?1 WHERE json_type(?1) <> 'object'
    UNION ALL
    SELECT key, ?1 -> fullkey FROM json_each(?1) WHERE key IN ('matches', 'rounds')
    UNION ALL
    SELECT substr(fullkey, 3) || '.matches', iif(type = 'object', value, '{}') -> '$.matches' FROM json_each(?1, '$.rounds')),
wrong(path, key, expected, found) AS (
    SELECT path, 0, 'an array [ ]', list FROM list WHERE json_type(list) NOT IN ('array', 'null')
    UNION ALL
    SELECT list.path || substr(fullkey, 2), key, 'an object { }', list -> fullkey
    FROM list, json_each(list)
    WHERE json_type(list) = 'array' AND type <> 'object')
SELECT iif(path = '', 'the document', path), expected, iif(length(found) > 40, substr(found, 1, 40) || '...', found),
       iif(path = '', NULL, json_remove(?1, iif(path LIKE '[%', '$', '$.') || path))
FROM (SELECT *, row_number() OVER () AS nth FROM wrong)
ORDER BY ?2 AND path NOT LIKE 'rounds[%.matches%', iif(?2, -key, nth)
LIMIT 1;
