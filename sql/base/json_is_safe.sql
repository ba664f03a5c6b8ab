-- A row if this library lets a schema that is not trusted use the JSON functions: 0x200000 is
-- SQLITE_INNOCUOUS.
SELECT 1 FROM pragma_function_list WHERE name = 'json_valid' AND flags & 0x200000;
