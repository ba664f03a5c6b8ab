-- What is wrong with the file itself, one finding per row.  (LIMIT instead of an argument: SQLite 3.46
-- takes 20 for the name of a table.)
SELECT integrity_check || ': restore a backup, or save what can be with ''.recover'' of sqlite3' AS finding
FROM (SELECT integrity_check FROM pragma_integrity_check LIMIT 20)
WHERE integrity_check <> 'ok'
UNION ALL
SELECT 'in journal mode ' || journal_mode || ', where writers and readers wait for each other: '
       || '''PRAGMA journal_mode = WAL'' in sqlite3'
FROM pragma_journal_mode
WHERE journal_mode <> 'wal'
UNION ALL
SELECT 'prune can''t give space back: ''PRAGMA auto_vacuum = INCREMENTAL; VACUUM'' in sqlite3, '
       || 'with the service stopped'
FROM pragma_auto_vacuum
WHERE auto_vacuum <> 2
UNION ALL
SELECT format('table %s is missing: restore a backup', column1)
FROM (VALUES ('match_events'), ('matches'), ('meta'))
WHERE column1 NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table');
