-- Is the data ?1 of an event an object?  If not: where, what was expected, and the start of what was
-- found.  All other rules are those of the schema.
SELECT 'JSON', 'an object such as {"player":"Marcus Rashford"}',
       CASE WHEN ?1 = '' THEN 'nothing' WHEN length(?1) > 40 THEN substr(?1, 1, 40) || '...' ELSE ?1 END
WHERE CASE WHEN json_valid(?1) THEN json_type(?1) ELSE 'none' END <> 'object';
