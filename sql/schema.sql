-- The livescore database.  `feeder init` runs this; so can you, on a new file:
--
--     sqlite3 livescore.db < sql/schema.sql
--
-- match_events is an append-only log and the only table that users write.
-- An id is a position in the log: SQLite has one writer at a time, so id order is
-- commit order, and "the rows after id N" is a cursor that never skips.  matches is a
-- projection of the log, kept by a trigger: an INSERT typed into sqlite3 is complete.
--
-- Constraints are named by what they require, because SQLite's message repeats
-- the name: "CHECK constraint failed: data must be JSON text ...".  NUL bytes need a check
-- of their own, since length(), GLOB and json_valid() stop at one.  'feeder check --repair'
-- brings changed constraints into existing databases.
--
-- Needs SQLite 3.38 (2022-02-22).

PRAGMA auto_vacuum = INCREMENTAL;       -- only possible before the first table
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;

BEGIN IMMEDIATE;

PRAGMA application_id = 0x4C535652;     -- "LSVR", known to file(1) and livescore
PRAGMA user_version = 2;              -- 'feeder upgrade' updates older databases

CREATE TABLE match_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT
               CONSTRAINT "id must be from 1 to 2^53-1, which JavaScript counts exactly: leave it out, or run 'feeder check --repair'"
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

-- Events, apart from the many messages.  (Connections that do not trust the schema could not
-- use an index on data ->> '$.voids': SQLite 3.40 considers its JSON functions unsafe there.)
CREATE INDEX match_events_by_type ON match_events(type) WHERE type <> 'message';

-- The few events that the rows of a day need of each match.
CREATE INDEX match_events_by_phase ON match_events(match_id, type)
WHERE type = 'kickoff' OR type = 'halftime' OR type = 'fulltime' OR type = 'abandoned' OR type = 'red-card' OR type = 'second-yellow';

-- Corrections: the rows that take another one back.
CREATE INDEX match_events_by_void ON match_events(match_id) WHERE type <> 'message' AND instr(data, '"voids"');

-- The state of each match: its latest row of type 'message', and the columns
-- that people query.  clock is the message's "time".
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
    updated_at TEXT NOT NULL,           -- the row's created_at
    competition TEXT,
    season     TEXT,
    round      TEXT,
    group_name TEXT,                    -- the message's "group"
    leg        INTEGER,
    venue      TEXT,
    starts_at  TEXT,                    -- an instant, as UTC; NULL: none that is clear
    local_time TEXT                     -- the day, or day and hour, of the place where it is played
) STRICT;

-- The snapshot: the most recently updated matches, in id order.
CREATE UNIQUE INDEX matches_by_message ON matches(message_id);

-- The matches of a day: by their kick-off or, without one, by their last update.
CREATE INDEX matches_by_day
ON matches(coalesce(starts_at, iif(local_time GLOB '????-??-??*', local_time, NULL)), updated_at);

-- State that the tables can't show.  'pruned' is the highest id that was ever
-- deleted: a cursor below it may have missed a row.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta VALUES ('pruned', 0);

-- What the status of a match means: upcoming, live, finished, or off (not played, or not to its
-- end); the type of the event that it brings, if any; and the minute at which its clock stops
-- by itself, if it runs.  A word is a status in lower case, without spaces, hyphens and
-- underscores.  name: the status that 'feeder add' writes for an event of that type.  A status
-- that is not listed is live if the match has a clock, else upcoming; 'feeder check' reports it.
-- A missing status is live.  Add your own:
--
--     INSERT INTO statuses(word, state, event) VALUES ('mitempng', 'live', 'halftime');
--
-- The build copies this list, line by line, into the page, which asks the service about other words.
CREATE TABLE statuses (
    word  TEXT PRIMARY KEY
          CONSTRAINT "word must be in lower case, without spaces, hyphens and underscores"
          CHECK (word <> '' AND word = replace(replace(replace(lower(word), ' ', ''), '-', ''), '_', '')),
    state TEXT NOT NULL
          CONSTRAINT "state must be upcoming, live, finished or off"
          CHECK (state IN ('upcoming', 'live', 'finished', 'off')),
    event TEXT
          CONSTRAINT "event must be 1 to 32 of a-z 0-9 _ - and begin with a letter, or NULL"
          CHECK (length(event) <= 32 AND event GLOB '[a-z]*' AND event NOT GLOB '*[^a-z0-9_-]*'),
    until INTEGER,
    name  TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO statuses(word, state, event, until, name) VALUES
    ('scheduled', 'upcoming', NULL, NULL, NULL),
    ('upcoming', 'upcoming', NULL, NULL, NULL),
    ('notstarted', 'upcoming', NULL, NULL, NULL),
    ('ns', 'upcoming', NULL, NULL, NULL),
    ('timed', 'upcoming', NULL, NULL, NULL),
    ('fixture', 'upcoming', NULL, NULL, NULL),
    ('prematch', 'upcoming', NULL, NULL, NULL),
    ('tbd', 'upcoming', NULL, NULL, NULL),
    ('tba', 'upcoming', NULL, NULL, NULL),
    ('tobedefined', 'upcoming', NULL, NULL, NULL),
    ('timetobedefined', 'upcoming', NULL, NULL, NULL),
    ('timetobeannounced', 'upcoming', NULL, NULL, NULL),
    ('pending', 'upcoming', NULL, NULL, NULL),
    ('pre', 'upcoming', NULL, NULL, NULL),
    ('delayed', 'upcoming', 'delayed', NULL, 'Delayed'),
    ('delay', 'upcoming', 'delayed', NULL, NULL),
    ('startdelayed', 'upcoming', 'delayed', NULL, NULL),
    ('kickoffdelayed', 'upcoming', 'delayed', NULL, NULL),
    ('live', 'live', NULL, NULL, NULL),
    ('inplay', 'live', NULL, NULL, NULL),
    ('inprogress', 'live', NULL, NULL, NULL),
    ('playing', 'live', NULL, NULL, NULL),
    ('started', 'live', NULL, NULL, NULL),
    ('ongoing', 'live', NULL, NULL, NULL),
    ('firsthalf', 'live', 'kickoff', 45, 'First Half'),
    ('kickoff', 'live', 'kickoff', 45, NULL),
    ('1sthalf', 'live', 'kickoff', 45, NULL),
    ('1h', 'live', 'kickoff', 45, NULL),
    ('inplay1sthalf', 'live', 'kickoff', 45, NULL),
    ('halftime', 'live', 'halftime', NULL, 'Half Time'),
    ('ht', 'live', 'halftime', NULL, NULL),
    ('paused', 'live', 'halftime', NULL, NULL),
    ('halftimebreak', 'live', 'halftime', NULL, NULL),
    ('secondhalf', 'live', 'secondhalf', 90, 'Second Half'),
    ('2ndhalf', 'live', 'secondhalf', 90, NULL),
    ('2h', 'live', 'secondhalf', 90, NULL),
    ('inplay2ndhalf', 'live', 'secondhalf', 90, NULL),
    ('extratime', 'live', 'extra-time', 120, 'Extra Time'),
    ('et', 'live', 'extra-time', 120, NULL),
    ('inplayet', 'live', 'extra-time', 120, NULL),
    ('overtime', 'live', 'extra-time', 120, NULL),
    ('firsthalfextratime', 'live', 'extra-time', 105, NULL),
    ('extratimefirsthalf', 'live', 'extra-time', 105, NULL),
    ('1stextra', 'live', 'extra-time', 105, NULL),
    ('1et', 'live', 'extra-time', 105, NULL),
    ('et1', 'live', 'extra-time', 105, NULL),
    ('secondhalfextratime', 'live', 'extra-time', 120, NULL),
    ('extratimesecondhalf', 'live', 'extra-time', 120, NULL),
    ('2ndextra', 'live', 'extra-time', 120, NULL),
    ('2et', 'live', 'extra-time', 120, NULL),
    ('et2', 'live', 'extra-time', 120, NULL),
    ('inplayet2ndhalf', 'live', 'extra-time', 120, NULL),
    ('bt', 'live', NULL, NULL, NULL),
    ('breaktime', 'live', NULL, NULL, NULL),
    ('break', 'live', NULL, NULL, NULL),
    ('extratimebreak', 'live', NULL, NULL, NULL),
    ('extratimehalftime', 'live', NULL, NULL, NULL),
    ('etht', 'live', NULL, NULL, NULL),
    ('etbreak', 'live', NULL, NULL, NULL),
    ('penbreak', 'live', NULL, NULL, NULL),
    ('penaltybreak', 'live', NULL, NULL, NULL),
    ('waitingforextratime', 'live', NULL, NULL, NULL),
    ('waitingforpenalties', 'live', NULL, NULL, NULL),
    ('awaitingextratime', 'live', NULL, NULL, NULL),
    ('awaitingpenalties', 'live', NULL, NULL, NULL),
    ('awaitingupdates', 'live', NULL, NULL, NULL),
    ('drinksbreak', 'live', NULL, NULL, NULL),
    ('coolingbreak', 'live', NULL, NULL, NULL),
    ('hydrationbreak', 'live', NULL, NULL, NULL),
    ('penaltyshootout', 'live', 'shootout', NULL, 'Penalty Shootout'),
    ('shootout', 'live', 'shootout', NULL, NULL),
    ('penalties', 'live', 'shootout', NULL, NULL),
    ('p', 'live', 'shootout', NULL, NULL),
    ('inplaypenalties', 'live', 'shootout', NULL, NULL),
    ('penaltiesinprogress', 'live', 'shootout', NULL, NULL),
    ('suspended', 'live', 'suspended', NULL, 'Suspended'),
    ('susp', 'live', 'suspended', NULL, NULL),
    ('interrupted', 'live', 'suspended', NULL, NULL),
    ('int', 'live', 'suspended', NULL, NULL),
    ('matchsuspended', 'live', 'suspended', NULL, NULL),
    ('matchinterrupted', 'live', 'suspended', NULL, NULL),
    ('fulltime', 'finished', 'fulltime', NULL, 'Full Time'),
    ('ft', 'finished', 'fulltime', NULL, NULL),
    ('finished', 'finished', 'fulltime', NULL, NULL),
    ('ended', 'finished', 'fulltime', NULL, NULL),
    ('final', 'finished', 'fulltime', NULL, NULL),
    ('result', 'finished', 'fulltime', NULL, NULL),
    ('played', 'finished', 'fulltime', NULL, NULL),
    ('complete', 'finished', 'fulltime', NULL, NULL),
    ('completed', 'finished', 'fulltime', NULL, NULL),
    ('over', 'finished', 'fulltime', NULL, NULL),
    ('matchfinished', 'finished', 'fulltime', NULL, NULL),
    ('afterextratime', 'finished', 'fulltime', NULL, NULL),
    ('aet', 'finished', 'fulltime', NULL, NULL),
    ('ftextratime', 'finished', 'fulltime', NULL, NULL),
    ('afterpenalties', 'finished', 'fulltime', NULL, NULL),
    ('afterpenaltyshootout', 'finished', 'fulltime', NULL, NULL),
    ('ap', 'finished', 'fulltime', NULL, NULL),
    ('pen', 'finished', 'fulltime', NULL, NULL),
    ('ftpen', 'finished', 'fulltime', NULL, NULL),
    ('pens', 'finished', 'fulltime', NULL, NULL),
    ('awarded', 'finished', 'awarded', NULL, 'Awarded'),
    ('awd', 'finished', 'awarded', NULL, NULL),
    ('technicalloss', 'finished', 'awarded', NULL, NULL),
    ('walkover', 'finished', 'awarded', NULL, NULL),
    ('wo', 'finished', 'awarded', NULL, NULL),
    ('forfeited', 'finished', 'awarded', NULL, NULL),
    ('forfeit', 'finished', 'awarded', NULL, NULL),
    ('postponed', 'off', 'postponed', NULL, 'Postponed'),
    ('pst', 'off', 'postponed', NULL, NULL),
    ('postp', 'off', 'postponed', NULL, NULL),
    ('rescheduled', 'off', 'postponed', NULL, NULL),
    ('matchpostponed', 'off', 'postponed', NULL, NULL),
    ('cancelled', 'off', 'cancelled', NULL, 'Cancelled'),
    ('canceled', 'off', 'cancelled', NULL, NULL),
    ('canc', 'off', 'cancelled', NULL, NULL),
    ('calledoff', 'off', 'cancelled', NULL, NULL),
    ('matchcancelled', 'off', 'cancelled', NULL, NULL),
    ('deleted', 'off', 'cancelled', NULL, NULL),
    ('annulled', 'off', 'cancelled', NULL, NULL),
    ('void', 'off', 'cancelled', NULL, NULL),
    ('abandoned', 'off', 'abandoned', NULL, 'Abandoned'),
    ('abd', 'off', 'abandoned', NULL, NULL),
    ('aban', 'off', 'abandoned', NULL, NULL),
    ('matchabandoned', 'off', 'abandoned', NULL, NULL);

-- The rules of a competition's table, if they differ from three points for a win, one for a draw,
-- then goal difference.  season '': every season without a row of its own.
--
--     INSERT INTO rules(competition, season, win_points) VALUES ('First Division', '1979/80', 2);
CREATE TABLE rules (
    competition  TEXT NOT NULL,
    season       TEXT NOT NULL DEFAULT '',
    win_points   INTEGER NOT NULL DEFAULT 3,
    draw_points  INTEGER NOT NULL DEFAULT 1,
    head_to_head INTEGER NOT NULL DEFAULT 0     -- 1: level teams are ordered by the matches between them first
                 CONSTRAINT "head_to_head must be 0 or 1" CHECK (head_to_head IN (0, 1)),
    away_goals   INTEGER NOT NULL DEFAULT 0     -- 1: of two legs that are level, goals scored away decide
                 CONSTRAINT "away_goals must be 0 or 1" CHECK (away_goals IN (0, 1)),
    PRIMARY KEY (competition, season)
) STRICT, WITHOUT ROWID;

-- Points deducted from a team (a negative number adds some).
CREATE TABLE deductions (
    competition TEXT NOT NULL,
    season      TEXT NOT NULL,
    team        TEXT NOT NULL,
    points      INTEGER NOT NULL,
    reason      TEXT,
    PRIMARY KEY (competition, season, team)
) STRICT, WITHOUT ROWID;

-- What a document last said about a match: its state, an update without events, and its events.
-- 'feeder load' compares the document with it, whatever was pruned from the log, or added by hand,
-- since.
CREATE TABLE sources (
    match_id   TEXT PRIMARY KEY,
    message    TEXT NOT NULL,
    events     TEXT NOT NULL,
    message_id INTEGER NOT NULL         -- of the row that told it
) STRICT;

CREATE INDEX sources_by_message ON sources(message_id);

-- The last documents, by hash: a known one has no news, unless a message about any document's match
-- has come since, after the row head.
CREATE TABLE documents (
    id      INTEGER PRIMARY KEY,
    digest  INTEGER NOT NULL UNIQUE,
    matches INTEGER NOT NULL,           -- so many are in it
    head    INTEGER NOT NULL
) STRICT;

CREATE TRIGGER documents_kept AFTER INSERT ON documents
BEGIN
    DELETE FROM documents WHERE id <= NEW.id - 64;
END;

-- The part of a document that a match last came from, by hash: the same part has no news.  A change
-- to one of its matches from elsewhere ends that for the whole part.
CREATE TABLE parts (
    match_id TEXT PRIMARY KEY,
    digest   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX parts_by_digest ON parts(digest);

CREATE TRIGGER sources_told AFTER INSERT ON sources
BEGIN
    DELETE FROM parts WHERE digest = (SELECT digest FROM parts WHERE match_id = NEW.match_id);
END;

-- What a document says depends on what its statuses mean: it is read again.
CREATE TRIGGER statuses_added AFTER INSERT ON statuses
BEGIN
    DELETE FROM documents;
    DELETE FROM parts;
END;

CREATE TRIGGER statuses_changed AFTER UPDATE ON statuses
BEGIN
    DELETE FROM documents;
    DELETE FROM parts;
END;

-- The same document may bring a forgotten match back.
CREATE TRIGGER matches_forgotten AFTER DELETE ON matches
BEGIN
    DELETE FROM documents;
    DELETE FROM parts WHERE digest = (SELECT digest FROM parts WHERE match_id = OLD.match_id);
END;

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
           NEW.id, NEW.data, NEW.created_at,
           NEW.data ->> '$.competition', NEW.data ->> '$.season', NEW.data ->> '$.round', NEW.data ->> '$.group',
           CASE json_type(NEW.data, '$.leg') WHEN 'integer' THEN NEW.data ->> '$.leg' END,
           NEW.data ->> '$.venue',
           CASE WHEN NEW.data ->> '$.starts_at' GLOB '????-??-??[T ]*[Z+-]*'
                THEN strftime('%Y-%m-%dT%H:%M:%SZ', NEW.data ->> '$.starts_at') END,
           NEW.data ->> '$.local_time'
    WHERE true                          -- or ON would be taken for a join's
    ON CONFLICT (match_id) DO UPDATE SET
        home_team = excluded.home_team,   away_team = excluded.away_team,
        home_score = excluded.home_score, away_score = excluded.away_score,
        clock = excluded.clock,           status = excluded.status,
        message_id = excluded.message_id, message = excluded.message,
        updated_at = excluded.updated_at, competition = excluded.competition,
        season = excluded.season,         round = excluded.round,
        group_name = excluded.group_name, leg = excluded.leg,
        venue = excluded.venue,           starts_at = excluded.starts_at,
        local_time = excluded.local_time;
END;

-- Ids only grow: a row inserted below the newest would be behind every reader's
-- cursor.  (An omitted id reads as -1 here.)
CREATE TRIGGER match_events_in_order BEFORE INSERT ON match_events
WHEN NEW.id >= 0 AND NEW.id <= (SELECT max(value, ifnull((SELECT max(id) FROM match_events), 0))
                                FROM meta WHERE key = 'pruned')
BEGIN
    SELECT RAISE(ABORT, 'match_events: this id is not above the newest one: leave id out, and the row is appended');
END;

-- One row must not use the ids up: the upper half is reserved for rows that omit the id.
CREATE TRIGGER match_events_in_reach BEFORE INSERT ON match_events
WHEN NEW.id > 4503599627370496          -- 2^52
BEGIN
    SELECT RAISE(ABORT, 'match_events: this id would leave too few for the rows to come: leave id out, and the row is appended');
END;

-- Only now is the id known that SQLite chose.  If sqlite_sequence was changed (DELETE FROM
-- match_events and from sqlite_sequence), ids would begin at 1 again.
CREATE TRIGGER match_events_onward AFTER INSERT ON match_events
WHEN NEW.id <= (SELECT value FROM meta WHERE key = 'pruned')
BEGIN
    SELECT RAISE(ABORT, 'match_events: sqlite_sequence was changed, and gives an id that no client would get: "feeder check --repair" puts it right');
END;

CREATE TRIGGER match_events_append_only BEFORE UPDATE ON match_events
BEGIN
    SELECT RAISE(ABORT, 'match_events is append-only: insert a correction, a row whose data has "voids": the id that it takes back');
END;

CREATE TRIGGER match_events_pruned AFTER DELETE ON match_events
BEGIN
    UPDATE meta SET value = max(value, OLD.id) WHERE key = 'pruned';
END;

-- For people: SELECT * FROM scoreboard.  The programs use only match_states and knockout;
-- the queries in sql/report/ read the rest.

-- The state of every match, according to statuses.  (The service does not trust the schema: only
-- functions that are safe then.)
CREATE VIEW match_states AS
SELECT match_id,
       ifnull(state, iif(trim(ifnull(status, '')) = '' OR trim(ifnull(clock, '')) <> '', 'live', 'upcoming')) AS state
FROM matches LEFT JOIN statuses
     ON word = replace(replace(replace(lower(trim(status)), ' ', ''), '-', ''), '_', '');

-- Every match, the most recently updated first.
CREATE VIEW scoreboard AS
SELECT match_id, home_team,
       home_score || ' - ' || away_score
       || ifnull(' (' || (message ->> '$.shootout.home') || ' - '
                      || (message ->> '$.shootout.away') || ')', '') AS score,
       away_team, clock, status, state, updated_at,
       competition, season, round, group_name, leg, venue, starts_at, local_time
FROM matches JOIN match_states USING (match_id)
ORDER BY message_id DESC;

-- The events of each match, without voided ones (rows whose id is the "voids" of another row of the
-- match).
CREATE VIEW timeline AS
SELECT event.match_id, id, data ->> '$.time' AS time, type,
       CASE data ->> '$.team'
           WHEN 'home' THEN coalesce(home_team, data ->> '$.home_team')
           WHEN 'away' THEN coalesce(away_team, data ->> '$.away_team') END AS team,
       data ->> '$.player' AS player,
       coalesce(data ->> '$.detail', 'for ' || (data ->> '$.replaces')) AS detail,
       (data ->> '$.score.home') || ' - ' || (data ->> '$.score.away') AS score,
       created_at, competition, season
FROM match_events AS event LEFT JOIN matches ON matches.match_id = event.match_id
WHERE type <> 'message' AND type <> 'void'
      AND (event.match_id, id) NOT IN (SELECT match_id, data ->> '$.voids' FROM match_events
                                       WHERE type <> 'message'
                                             AND data ->> '$.voids' IS NOT NULL)
ORDER BY event.match_id, id;

-- Goals by player, competition and season, without own goals and shoot-outs.
CREATE VIEW scorers AS
SELECT player, team, count(*) AS goals, sum(type = 'penalty') AS penalties,
       count(DISTINCT match_id) AS matches, competition, season
FROM timeline
WHERE type IN ('goal', 'penalty') AND player IS NOT NULL
GROUP BY player, team, competition, season
ORDER BY goals DESC, penalties, player;

-- Cards by player.  A second yellow card counts as such, not as a red one.
CREATE VIEW cards AS
SELECT player, team, sum(type = 'yellow-card') AS yellow,
       sum(type = 'second-yellow') AS second_yellow, sum(type = 'red-card') AS red,
       competition, season
FROM timeline
WHERE type IN ('yellow-card', 'second-yellow', 'red-card') AND player IS NOT NULL
GROUP BY player, team, competition, season
ORDER BY red DESC, second_yellow DESC, yellow DESC, player;

-- Matches whose winner advances: those of a knock-out round, and of no group.
CREATE VIEW knockout AS
SELECT match_id, rtrim(replace(replace(replace(replace(replace(replace(round,
                       '1st Leg', ''), '2nd Leg', ''), 'Leg 1', ''), 'Leg 2', ''), 'Matchday 1', ''), 'Matchday 2', ''),
                       ' ,-|') AS round       -- the same for both legs
FROM matches
WHERE group_name IS NULL
      AND (round LIKE '%final%' OR round LIKE '%round of %' OR round LIKE 'last %' OR round LIKE '%play%off%'
           OR round LIKE '%third place%' OR round LIKE '%3rd place%' OR round LIKE '%knockout%'
           OR round LIKE '%qualif%' OR round LIKE 'preliminary%');

-- The tables of the finished matches: one for each competition, season and group.  In a season with
-- groups, matches outside them do not count.  Three points for a win and one for a draw, which
-- includes matches decided by penalties; then goal difference, then goals; unless the table rules
-- differs.  With head_to_head, level teams are ordered by a table of the matches among them.
CREATE VIEW league AS
WITH
grouped AS MATERIALIZED (
    SELECT DISTINCT ifnull(competition, '') AS competition, ifnull(season, '') AS season
    FROM matches WHERE group_name IS NOT NULL),
result AS MATERIALIZED (
    SELECT ifnull(competition, '') AS competition, ifnull(season, '') AS season, ifnull(group_name, '') AS group_name,
           home_team, away_team, home_score, away_score
    FROM matches JOIN match_states USING (match_id)
    WHERE state = 'finished' AND home_team IS NOT NULL AND away_team IS NOT NULL
          AND home_score IS NOT NULL AND away_score IS NOT NULL
          AND (group_name IS NOT NULL
               OR (match_id NOT IN (SELECT match_id FROM knockout)
                   AND (ifnull(competition, ''), ifnull(season, '')) NOT IN (SELECT competition, season FROM grouped)))),
rule AS MATERIALIZED (
    SELECT here.competition, here.season,
           coalesce(one.win_points, every.win_points, 3) AS win, coalesce(one.draw_points, every.draw_points, 1) AS draw,
           coalesce(one.head_to_head, every.head_to_head, 0) AS head_to_head
    FROM (SELECT DISTINCT competition, season FROM result) AS here
         LEFT JOIN rules AS one ON one.competition = here.competition AND one.season = here.season
         LEFT JOIN rules AS every ON every.competition = here.competition AND every.season = ''),
side AS MATERIALIZED (
    SELECT *, CASE WHEN own > other THEN win WHEN own = other THEN draw ELSE 0 END AS points
    FROM (SELECT competition, season, group_name, home_team AS team, away_team AS opponent,
                 home_score AS own, away_score AS other FROM result
          UNION ALL
          SELECT competition, season, group_name, away_team, home_team, away_score, home_score FROM result)
         JOIN rule USING (competition, season)),
total AS MATERIALIZED (
    SELECT competition, season, group_name, team, head_to_head, count(*) AS played, sum(own > other) AS won,
           sum(own = other) AS drawn, sum(own < other) AS lost, sum(own) AS goals_for, sum(other) AS goals_against,
           sum(side.points) - ifnull((SELECT points FROM deductions AS less
                                      WHERE less.competition = side.competition AND less.season = side.season
                                            AND less.team = side.team), 0) AS points
    FROM side
    GROUP BY competition, season, group_name, team),
mutual AS MATERIALIZED (
    SELECT competition, season, group_name, side.team, sum(side.points) AS points, sum(own - other) AS difference, sum(own) AS goals
    FROM side JOIN total AS one USING (competition, season, group_name, team)
         JOIN total AS two USING (competition, season, group_name)
    WHERE two.team = opponent AND one.points = two.points AND one.head_to_head
    GROUP BY competition, season, group_name, side.team)
SELECT nullif(competition, '') AS competition, nullif(season, '') AS season, nullif(group_name, '') AS group_name,
       row_number() OVER (PARTITION BY competition, season, group_name
                          ORDER BY total.points DESC, mutual.points DESC, mutual.difference DESC, mutual.goals DESC,
                                   goals_for - goals_against DESC, goals_for DESC, team) AS place,
       team, played, won, drawn, lost, goals_for, goals_against,
       goals_for - goals_against AS difference, total.points AS points
FROM total LEFT JOIN mutual USING (competition, season, group_name, team)
ORDER BY competition, season, group_name, place;

-- Which team advances: each tie of the knock-out rounds, of one match or of two legs, whose goals are added
-- up.  If level, a shoot-out decides, or goals scored away where the table rules says so.
-- advanced is NULL until all legs are played, or if nothing decides.
CREATE VIEW ties AS
WITH
leg AS MATERIALIZED (
    SELECT matches.*, knockout.round AS stage, state = 'finished' AS over,
           message ->> '$.shootout.home' AS home_kicks, message ->> '$.shootout.away' AS away_kicks,
           row_number() OVER tie AS number,
           first_value(home_team) OVER tie AS team1, first_value(away_team) OVER tie AS team2
    FROM matches JOIN knockout USING (match_id) JOIN match_states USING (match_id)
    WHERE state <> 'off' AND home_team IS NOT NULL AND away_team IS NOT NULL
    WINDOW tie AS (PARTITION BY competition, season, knockout.round, min(home_team, away_team), max(home_team, away_team)
                   ORDER BY leg, coalesce(starts_at, local_time), message_id)),
tie AS (
    SELECT competition, season, stage, team1, team2, count(*) AS matches, max(leg) AS legs, min(over) AS over,
           sum(iif(home_team = team1, home_score, away_score)) AS goals1,
           sum(iif(home_team = team1, away_score, home_score)) AS goals2,
           sum(iif(away_team = team1, away_score, 0)) AS away1, sum(iif(away_team = team2, away_score, 0)) AS away2,
           max(iif(home_team = team1, home_kicks, away_kicks)) AS kicks1,
           max(iif(home_team = team1, away_kicks, home_kicks)) AS kicks2,
           max(message_id) AS message_id
    FROM leg
    GROUP BY competition, season, stage, team1, team2)
SELECT competition, season, stage AS round, team1, team2, matches, goals1, goals2, kicks1, kicks2,
       CASE WHEN NOT over OR (legs = 1 AND matches = 1) THEN NULL
            WHEN goals1 > goals2 THEN team1 WHEN goals1 < goals2 THEN team2
            WHEN kicks1 > kicks2 THEN team1 WHEN kicks1 < kicks2 THEN team2
            WHEN matches > 1 AND away1 <> away2
                 AND coalesce((SELECT away_goals FROM rules AS one
                               WHERE one.competition = tie.competition AND one.season = ifnull(tie.season, '')),
                              (SELECT away_goals FROM rules AS every
                               WHERE every.competition = tie.competition AND every.season = ''), 0)
            THEN iif(away1 > away2, team1, team2) END AS advanced
FROM tie
ORDER BY competition, season, message_id;

COMMIT;
