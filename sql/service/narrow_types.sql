-- The types of narrow.sql, joined by commas.
INSERT INTO token_types
SELECT value FROM json_each('[' || replace(json_quote(?1), ',', '","') || ']')
WHERE ?1 <> '';
