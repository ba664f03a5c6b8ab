-- The document ?1 without its known parts, for its format.  No row: nothing is left.
SELECT CASE count(*) WHEN 0 THEN ?1
       ELSE '{"name":' || ifnull(?1 -> '$.name', 'null') || ',"season":' || ifnull(?1 -> '$.season', 'null')
            || ',"competition":' || ifnull(?1 -> '$.competition', 'null')
            || ',"matches":[' || group_concat(text) FILTER (WHERE match_id IS NULL) || ']}' END AS document
FROM (SELECT * FROM part ORDER BY number)
HAVING document IS NOT NULL;
