-- Where does ?1 stop being JSON?  The position in characters, from 1, and the text there;
-- position 0: it is JSON5, which SQLite accepts.  Needs SQLite 3.42: older versions can't
-- prepare this.
SELECT json_error_position(?1), substr(?1, json_error_position(?1), 20);
