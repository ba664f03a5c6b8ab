-- The matches of narrow.sql: ids, or prefixes followed by '*', joined by commas.
INSERT INTO token_matches
SELECT value, iif(value GLOB '*[*]', substr(value, 1, length(value) - 1), NULL)
FROM json_each('[' || replace(json_quote(?1), ',', '","') || ']')
WHERE ?1 <> '';
