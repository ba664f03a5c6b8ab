-- The table statuses as one JSON text, for words_take.sql.
SELECT json_group_array(json_array(word, state, event, until, name)) FROM statuses;
