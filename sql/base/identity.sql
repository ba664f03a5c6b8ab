-- The file's application id and schema version; both are 0 in a file that no program has
-- claimed.  The number of tables tells an empty file from a database of another program.
SELECT (SELECT application_id FROM pragma_application_id),
       (SELECT user_version FROM pragma_user_version),
       (SELECT count(*) FROM sqlite_schema);
