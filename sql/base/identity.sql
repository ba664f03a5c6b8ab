-- Whose file is this, and which version of the schema?  0 and 0: nobody's yet.
-- How many tables it has tells an empty file from somebody else's database.
SELECT (SELECT application_id FROM pragma_application_id),
       (SELECT user_version FROM pragma_user_version),
       (SELECT count(*) FROM sqlite_schema);
