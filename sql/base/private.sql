-- Introduces json_each and json_tree to a private database.  SQLite does it at their first
-- use, by what looks like a change of the schema: then a query that may read nothing but
-- these two would be refused for it.
SELECT count(*) FROM json_each('[]'), json_tree('[]');
