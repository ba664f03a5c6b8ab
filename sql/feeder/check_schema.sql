-- Which parts of the schema are missing or others than they should be?  A finding, and the
-- statements that put them right; none for a table, but for the rules of the log: where its
-- columns, keys and collations are the schema's, nothing that is stored depends on its CHECKs
-- (https://www.sqlite.org/lang_altertable.html#otheralter).  Who has the database open
-- learns of that by a view that comes and goes.
WITH
columns(place, name, type, needed, preset, key) AS (
    SELECT 'main', name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo('match_events', 'main')
    UNION ALL
    SELECT 'live', name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo('match_events', 'live')),
alike(answer) AS (
    SELECT NOT EXISTS (SELECT name, type, needed, preset, key FROM columns WHERE place = 'main'
                       EXCEPT
                       SELECT name, type, needed, preset, key FROM columns WHERE place = 'live')
           AND (SELECT count(DISTINCT format('%d %d %d', ncol, wr, strict)) = 1 FROM pragma_table_list
                WHERE name = 'match_events')
           AND NOT EXISTS (SELECT 1 FROM pragma_index_list('match_events', 'live') WHERE origin <> 'c')
           AND EXISTS (SELECT 1 FROM live.sqlite_schema
                       WHERE name = 'match_events' AND sql LIKE '%AUTOINCREMENT%' AND sql NOT LIKE '%COLLATE%'))
SELECT iif(type = 'table' AND name = 'match_events' AND answer,
           'the rules of table match_events are not the schema''s: --repair puts those in their place',
           format('%s %s is %s: %s', type, name,
                  iif(EXISTS (SELECT 1 FROM live.sqlite_schema WHERE name = fresh.name), 'not the schema''s', 'missing'),
                  iif(type = 'table', 'restore a backup', '--repair makes it anew'))),
       CASE WHEN type <> 'table' THEN format('DROP %s IF EXISTS "%w"; %s;', type, name, sql)
            WHEN name = 'match_events' AND answer
            THEN format('PRAGMA writable_schema = ON; '
                        || 'UPDATE sqlite_schema SET sql = %Q WHERE type = %Q AND name = %Q; '
                        || 'PRAGMA writable_schema = OFF; '
                        || 'CREATE VIEW match_events_rules AS SELECT 1; DROP VIEW match_events_rules;',
                        sql, type, name)
            ELSE '' END
FROM main.sqlite_schema AS fresh, alike
WHERE name NOT LIKE 'sqlite%'
      AND NOT EXISTS (SELECT 1 FROM live.sqlite_schema AS live
                      WHERE live.type = fresh.type AND live.name = fresh.name AND live.sql = fresh.sql);
