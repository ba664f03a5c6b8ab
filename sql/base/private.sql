-- Registers json_each and json_tree in a private database.  SQLite does so at their first use,
-- which looks like a change of the schema: a query that may read only these two would be
-- refused.
SELECT count(*) FROM json_each('[]'), json_tree('[]');
