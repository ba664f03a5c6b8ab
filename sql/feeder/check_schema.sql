-- Which parts of the schema are missing or differ?  A finding, and the statements that repair it,
-- in the order in which they must run: tables first.
--
-- The constraints of a table are changed in its text: if its columns, keys and collations are
-- the schema's, nothing in the file depends on the rest
-- (https://www.sqlite.org/lang_altertable.html#otheralter).  There are no statements for a
-- table whose rows can't be recovered.  A view that is created and dropped tells other connections
-- that the schema changed.
WITH
columns(place, tab, name, type, needed, preset, key) AS MATERIALIZED (
    SELECT 'main', fresh.name, one.name, one.type, one."notnull", one.dflt_value, one.pk
    FROM main.sqlite_schema AS fresh, pragma_table_xinfo(fresh.name, 'main') AS one
    WHERE fresh.type = 'table'
    UNION ALL
    SELECT 'live', fresh.name, one.name, one.type, one."notnull", one.dflt_value, one.pk
    FROM main.sqlite_schema AS fresh, pragma_table_xinfo(fresh.name, 'live') AS one
    WHERE fresh.type = 'table'),
-- Once: each reading of this list parses every view.
kinds(tab, kind) AS MATERIALIZED (SELECT name, format('%d %d', wr, strict) FROM pragma_table_list),
alike(tab) AS MATERIALIZED (
    SELECT fresh.name
    FROM main.sqlite_schema AS fresh JOIN live.sqlite_schema AS there USING (type, name)
    WHERE type = 'table'
          AND NOT EXISTS (SELECT name, type, needed, preset, key FROM columns WHERE place = 'main' AND tab = fresh.name
                          EXCEPT
                          SELECT name, type, needed, preset, key FROM columns WHERE place = 'live' AND tab = fresh.name)
          AND NOT EXISTS (SELECT name, type, needed, preset, key FROM columns WHERE place = 'live' AND tab = fresh.name
                          EXCEPT
                          SELECT name, type, needed, preset, key FROM columns WHERE place = 'main' AND tab = fresh.name)
          AND (SELECT count(DISTINCT kind) = 1 FROM kinds WHERE kinds.tab = fresh.name)
          AND (SELECT count(*) FROM pragma_index_list(fresh.name, 'live') WHERE origin <> 'c')
              = (SELECT count(*) FROM pragma_index_list(fresh.name, 'main') WHERE origin <> 'c')
          AND (there.sql LIKE '%AUTOINCREMENT%') = (fresh.sql LIKE '%AUTOINCREMENT%')
          AND there.sql NOT LIKE '%COLLATE%'),
different AS (
    SELECT type, name, sql, name IN (SELECT name FROM live.sqlite_schema) AS there,
           type = 'table' AND name IN (SELECT tab FROM alike) AS alike,
           name IN ('match_events', 'matches', 'meta') AS irreplaceable,
           -- the same text, for the attached database
           substr(sql, 1, instr(sql, name) - 1) || 'live.' || substr(sql, instr(sql, name)) AS make
    FROM main.sqlite_schema AS fresh
    WHERE name NOT LIKE 'sqlite%'
          AND NOT EXISTS (SELECT 1 FROM live.sqlite_schema AS live
                          WHERE live.type = fresh.type AND live.name = fresh.name AND live.sql = fresh.sql))
SELECT CASE WHEN alike THEN format('the constraints of table %s differ from the schema: --repair replaces them', name)
            ELSE format('%s %s %s: %s', type, name, iif(there, 'differs from the schema', 'is missing'),
                        iif(type = 'table' AND (there OR irreplaceable), 'restore a backup', '--repair recreates it')) END,
       CASE WHEN alike
            THEN format('PRAGMA writable_schema = ON; '
                        || 'UPDATE live.sqlite_schema SET sql = %Q WHERE type = %Q AND name = %Q; '
                        || 'PRAGMA writable_schema = OFF; '
                        || 'CREATE VIEW live.match_events_rules AS SELECT 1; DROP VIEW live.match_events_rules;',
                        sql, type, name)
            WHEN type <> 'table' THEN format('DROP %s IF EXISTS live."%w"; %s;', type, name, make)
            WHEN there OR irreplaceable THEN ''
            WHEN name = 'statuses' THEN make || '; INSERT INTO live.statuses SELECT * FROM main.statuses;'
            ELSE make || ';' END
FROM different
ORDER BY type <> 'table', type <> 'index', type <> 'view', name;
