-- What a token is limited to.  Names without a database are looked up in temp first, so these views
-- stand before the tables for every statement that follows; not for the schema's own views.
CREATE TEMP TABLE token_matches(name, prefix);
CREATE TEMP TABLE token_types(type);
CREATE TEMP VIEW match_events AS
SELECT * FROM main.match_events
WHERE (NOT EXISTS (SELECT 1 FROM token_matches)
       OR EXISTS (SELECT 1 FROM token_matches WHERE name = match_id OR substr(match_id, 1, length(prefix)) = prefix))
      AND (NOT EXISTS (SELECT 1 FROM token_types) OR type IN token_types);
-- A match's state is what its messages say.
CREATE TEMP VIEW matches AS
SELECT * FROM main.matches
WHERE (NOT EXISTS (SELECT 1 FROM token_matches)
       OR EXISTS (SELECT 1 FROM token_matches WHERE name = match_id OR substr(match_id, 1, length(prefix)) = prefix))
      AND (NOT EXISTS (SELECT 1 FROM token_types) OR 'message' IN token_types);
