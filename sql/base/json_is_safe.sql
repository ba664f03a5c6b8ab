-- A row if this library lets an untrusted schema use the JSON functions: 0x200000 is
-- SQLITE_INNOCUOUS.
SELECT 1 FROM pragma_function_list WHERE name = 'json_valid' AND flags & 0x200000;
