-- Where updates wait for their turn: a table of a private database.
--
-- kickoff is the match's, in seconds since 1970; elapsed counts seconds from there;
-- place is where in the input an update is from.  Each may be NULL: not known.
CREATE TABLE playlist (
    number   INTEGER PRIMARY KEY,
    match_id TEXT,
    data     TEXT NOT NULL,
    kickoff  INTEGER,
    elapsed  REAL,
    place    TEXT
) STRICT;
