-- Which parts of the schema are missing or others than they should be?  A finding, and the
-- statements that put them right; none for a table.
SELECT format('%s %s is %s: %s', type, name,
              iif(EXISTS (SELECT 1 FROM live.sqlite_schema WHERE name = fresh.name), 'not the schema''s', 'missing'),
              iif(type = 'table', 'restore a backup', '--repair makes it anew')),
       iif(type = 'table', '', format('DROP %s IF EXISTS "%w"; %s;', type, name, sql))
FROM main.sqlite_schema AS fresh
WHERE name NOT LIKE 'sqlite%'
      AND NOT EXISTS (SELECT 1 FROM live.sqlite_schema AS live
                      WHERE live.type = fresh.type AND live.name = fresh.name AND live.sql = fresh.sql);
