-- Where does ?1 stop being JSON?  The place, counted in characters from 1, and
-- what stands there; place 0: SQLite knows a laxer JSON in which it is right.
-- Needs SQLite 3.42: an older one does not prepare this.
SELECT json_error_position(?1), substr(?1, json_error_position(?1), 20);
