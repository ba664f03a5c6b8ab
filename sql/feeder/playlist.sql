-- The queue of updates: a table of a private database.
--
-- kickoff is in seconds since 1970; elapsed counts seconds from there; place is where in the
-- input an update comes from; problem is what is wrong with it.  Each may be NULL.
CREATE TABLE playlist (
    number   INTEGER PRIMARY KEY,
    match_id TEXT,
    data     TEXT,
    kickoff  INTEGER,
    elapsed  REAL,
    place    TEXT,
    problem  TEXT
) STRICT;

-- What a document says about each match: see course.sql.
CREATE TABLE course (
    number   INTEGER PRIMARY KEY,
    match_id TEXT,
    message  TEXT,
    events   TEXT,
    improper INTEGER,
    part     INTEGER
) STRICT;

-- The parts of a document, see parts.sql: a row for each unknown part, and for each match of the known
-- ones.
CREATE TABLE part (
    number   INTEGER PRIMARY KEY,
    who      TEXT,
    text     TEXT,
    digest   INTEGER,
    match_id TEXT
) STRICT;

CREATE INDEX part_by_who ON part(who);

-- Everything happens in one transaction, which never ends.
BEGIN;
