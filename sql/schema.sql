-- The livescore database.  `feeder init` runs this; so can you, on a new file:
--
--     sqlite3 livescore.db < sql/schema.sql
--
-- match_events is an append-only log and the one table that anybody writes.
-- An id is the position of a row in the log: ids are given out by SQLite's one
-- writer at a time, so id order is commit order, and "the rows after id N" is
-- a cursor that never skips.  matches is a projection of the log, kept by a
-- trigger: an INSERT typed into sqlite3 is complete.
--
-- The constraints are named by what they ask for, since SQLite's message
-- repeats the name: "CHECK constraint failed: data must be JSON text ...".  A NUL byte
-- is looked for by itself, since length(), GLOB and json_valid() end at one.  What is
-- changed in them, 'feeder check --repair' brings into databases that are there.
--
-- Needs SQLite 3.38 (2022-02-22).

PRAGMA auto_vacuum = INCREMENTAL;       -- only possible before the first table
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;

BEGIN IMMEDIATE;

PRAGMA application_id = 0x4C535652;     -- "LSVR": file(1) and livescore know it
PRAGMA user_version = 1;

CREATE TABLE match_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT
               CONSTRAINT "id must be from 1 to 2^53-1, which JavaScript counts exactly: leave it out"
               CHECK (id BETWEEN 1 AND 9007199254740991),
    match_id   TEXT NOT NULL
               CONSTRAINT "match_id must be 1 to 64 printable ASCII characters, no space, no comma"
               CHECK (length(match_id) BETWEEN 1 AND 64
                      AND match_id NOT GLOB '*[^!-+--~]*'
                      AND instr(CAST(match_id AS BLOB), x'00') = 0),
    type       TEXT NOT NULL DEFAULT 'message'
               CONSTRAINT "type must be 1 to 32 of a-z 0-9 _ - and begin with a letter"
               CHECK (length(type) <= 32 AND type GLOB '[a-z]*'
                      AND type NOT GLOB '*[^a-z0-9_-]*'
                      AND instr(CAST(type AS BLOB), x'00') = 0)
               CONSTRAINT "type must not be error, heartbeat, open or reset, which streams have for themselves"
               CHECK (type <> 'error' AND type <> 'heartbeat' AND type <> 'open' AND type <> 'reset'),
    data       TEXT NOT NULL
               CONSTRAINT "data must be JSON text: json_object('key', 'value') makes some"
               CHECK (json_valid(data))
               CONSTRAINT "data must be at most 1 MiB"
               CHECK (length(CAST(data AS BLOB)) <= 1048576)
               CONSTRAINT "data must not hold a NUL byte, which ends it for most readers: JSON writes it as \u0000"
               CHECK (instr(CAST(data AS BLOB), x'00') = 0),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
               CONSTRAINT "created_at must be UTC and in full, such as 2026-11-22T14:00:00.000Z: leave it out"
               CHECK (length(CAST(created_at AS BLOB)) = 24
                      AND created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9]Z'
                      AND julianday(created_at) IS NOT NULL)
) STRICT;

-- One match's time line, in id order (a rowid ends every index entry).
CREATE INDEX match_events_by_match ON match_events(match_id);

-- What happened, apart from the many messages.  (An index on data ->> '$.voids' would
-- keep out who does not trust the schema: SQLite 3.40 takes its JSON functions for
-- unsafe there.)
CREATE INDEX match_events_by_type ON match_events(type) WHERE type <> 'message';

-- The state of each match: its latest row of type 'message', and the columns
-- that people ask for.  clock is the message's "time".
CREATE TABLE matches (
    match_id   TEXT PRIMARY KEY,
    home_team  TEXT,
    away_team  TEXT,
    home_score INTEGER,
    away_score INTEGER,
    clock      TEXT,
    status     TEXT,
    message_id INTEGER NOT NULL,        -- the row's id; it may have been pruned since
    message    TEXT NOT NULL,           -- the row's data
    updated_at TEXT NOT NULL            -- the row's created_at
) STRICT;

-- The snapshot: the most recently updated matches, in id order.
CREATE UNIQUE INDEX matches_by_message ON matches(message_id);

-- What the tables themselves can't tell.  'pruned' is the highest id that was
-- ever deleted: a cursor below it may have missed a row.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta VALUES ('pruned', 0);

CREATE TRIGGER match_events_project AFTER INSERT ON match_events
WHEN NEW.type = 'message'
BEGIN
    INSERT INTO matches
    SELECT NEW.match_id,
           CASE json_type(NEW.data, '$.home_team')  WHEN 'text'    THEN json_extract(NEW.data, '$.home_team') END,
           CASE json_type(NEW.data, '$.away_team')  WHEN 'text'    THEN json_extract(NEW.data, '$.away_team') END,
           CASE json_type(NEW.data, '$.score.home') WHEN 'integer' THEN json_extract(NEW.data, '$.score.home') END,
           CASE json_type(NEW.data, '$.score.away') WHEN 'integer' THEN json_extract(NEW.data, '$.score.away') END,
           CASE json_type(NEW.data, '$.time')       WHEN 'text'    THEN json_extract(NEW.data, '$.time') END,
           CASE json_type(NEW.data, '$.status')     WHEN 'text'    THEN json_extract(NEW.data, '$.status') END,
           NEW.id, NEW.data, NEW.created_at
    WHERE true                          -- or ON would be taken for a join's
    ON CONFLICT (match_id) DO UPDATE SET
        home_team = excluded.home_team,   away_team = excluded.away_team,
        home_score = excluded.home_score, away_score = excluded.away_score,
        clock = excluded.clock,           status = excluded.status,
        message_id = excluded.message_id, message = excluded.message,
        updated_at = excluded.updated_at;
END;

-- Ids only grow: a row put in below the newest one would be behind every
-- reader's cursor.  (An id that is left out reads as -1 here.)
CREATE TRIGGER match_events_in_order BEFORE INSERT ON match_events
WHEN NEW.id >= 0 AND NEW.id <= (SELECT max(value, ifnull((SELECT max(id) FROM match_events), 0))
                                FROM meta WHERE key = 'pruned')
BEGIN
    SELECT RAISE(ABORT, 'match_events: this id is not above the newest one: leave id out, and the row is appended');
END;

CREATE TRIGGER match_events_append_only BEFORE UPDATE ON match_events
BEGIN
    SELECT RAISE(ABORT, 'match_events is append-only: insert a correction, a row whose data has "voids": the id that it takes back');
END;

CREATE TRIGGER match_events_pruned AFTER DELETE ON match_events
BEGIN
    UPDATE meta SET value = max(value, OLD.id) WHERE key = 'pruned';
END;

-- For people: SELECT * FROM scoreboard.  Nothing that runs depends on these views;
-- sql/report/ has queries on them.

-- live, upcoming, finished, or off: it will not be played, or not to its end.  A
-- status that is not known is live.
CREATE VIEW match_states AS
SELECT match_id,
       CASE WHEN word IN ('scheduled', 'upcoming', 'notstarted', 'ns', 'timed', 'fixture',
                          'prematch', 'delayed') THEN 'upcoming'
            WHEN word IN ('ft', 'fulltime', 'finished', 'ended', 'final', 'aet', 'afterextratime',
                          'ap', 'afterpenalties', 'awarded') THEN 'finished'
            WHEN word IN ('postponed', 'abandoned', 'cancelled', 'canceled') THEN 'off'
            ELSE 'live' END AS state
FROM (SELECT match_id, replace(replace(replace(lower(status), ' ', ''), '-', ''), '_', '') AS word
      FROM matches);

-- Every match, those updated last first.
CREATE VIEW scoreboard AS
SELECT match_id, home_team,
       home_score || ' - ' || away_score
       || ifnull(' (' || (message ->> '$.shootout.home') || ' - '
                      || (message ->> '$.shootout.away') || ')', '') AS score,
       away_team, clock, status, state, updated_at
FROM matches JOIN match_states USING (match_id)
ORDER BY message_id DESC;

-- What happened in each match, without what was taken back: a row whose id is the
-- "voids" of another of its match counts no more.
CREATE VIEW timeline AS
SELECT event.match_id, id, data ->> '$.time' AS time, type,
       CASE data ->> '$.team'
           WHEN 'home' THEN coalesce(home_team, data ->> '$.home_team')
           WHEN 'away' THEN coalesce(away_team, data ->> '$.away_team') END AS team,
       data ->> '$.player' AS player,
       coalesce(data ->> '$.detail', 'for ' || (data ->> '$.replaces')) AS detail,
       (data ->> '$.score.home') || ' - ' || (data ->> '$.score.away') AS score,
       created_at
FROM match_events AS event LEFT JOIN matches ON matches.match_id = event.match_id
WHERE type <> 'message' AND type <> 'void'
      AND (event.match_id, id) NOT IN (SELECT match_id, data ->> '$.voids' FROM match_events
                                       WHERE type <> 'message'
                                             AND data ->> '$.voids' IS NOT NULL)
ORDER BY event.match_id, id;

-- Goals by player; own goals are nobody's, and a shoot-out is not counted.
CREATE VIEW scorers AS
SELECT player, team, count(*) AS goals, sum(type = 'penalty') AS penalties,
       count(DISTINCT match_id) AS matches
FROM timeline
WHERE type IN ('goal', 'penalty') AND player IS NOT NULL
GROUP BY player, team
ORDER BY goals DESC, penalties, player;

-- Cards by player.  A second yellow card is counted as that, not as a red one.
CREATE VIEW cards AS
SELECT player, team, sum(type = 'yellow-card') AS yellow,
       sum(type = 'second-yellow') AS second_yellow, sum(type = 'red-card') AS red
FROM timeline
WHERE type IN ('yellow-card', 'second-yellow', 'red-card') AND player IS NOT NULL
GROUP BY player, team
ORDER BY red DESC, second_yellow DESC, yellow DESC, player;

-- The league table that the finished matches make: three points for a win, one for a
-- draw, and a match that penalties decided is a draw.
CREATE VIEW league AS
SELECT row_number() OVER (ORDER BY points DESC, goals_for - goals_against DESC,
                                   goals_for DESC, team) AS place,
       team, played, won, drawn, lost, goals_for, goals_against,
       goals_for - goals_against AS difference, points
FROM (SELECT team, count(*) AS played, sum(own > other) AS won, sum(own = other) AS drawn,
             sum(own < other) AS lost, sum(own) AS goals_for, sum(other) AS goals_against,
             sum(CASE WHEN own > other THEN 3 WHEN own = other THEN 1 ELSE 0 END) AS points
      FROM (SELECT home_team AS team, home_score AS own, away_score AS other, match_id FROM matches
            UNION ALL
            SELECT away_team, away_score, home_score, match_id FROM matches)
      WHERE team IS NOT NULL AND own IS NOT NULL AND other IS NOT NULL
            AND match_id IN (SELECT match_id FROM match_states WHERE state = 'finished')
      GROUP BY team)
ORDER BY place;

COMMIT;
