-- feeder upgrade, from schema 1: what must be done before the parts of the schema that differ are
-- replaced (by the statements from check_schema.sql).
--
-- The database is attached as live.  The new columns of matches are filled as match_events_project would.
ALTER TABLE live.matches ADD COLUMN competition TEXT;
ALTER TABLE live.matches ADD COLUMN season TEXT;
ALTER TABLE live.matches ADD COLUMN round TEXT;
ALTER TABLE live.matches ADD COLUMN group_name TEXT;
ALTER TABLE live.matches ADD COLUMN leg INTEGER;
ALTER TABLE live.matches ADD COLUMN venue TEXT;
ALTER TABLE live.matches ADD COLUMN starts_at TEXT;
ALTER TABLE live.matches ADD COLUMN local_time TEXT;
UPDATE live.matches
SET competition = message ->> '$.competition', season = message ->> '$.season',
    round = message ->> '$.round', group_name = message ->> '$.group',
    leg = CASE json_type(message, '$.leg') WHEN 'integer' THEN message ->> '$.leg' END,
    venue = message ->> '$.venue',
    starts_at = CASE WHEN message ->> '$.starts_at' GLOB '????-??-??[T ]*[Z+-]*'
                     THEN strftime('%Y-%m-%dT%H:%M:%SZ', message ->> '$.starts_at') END,
    local_time = message ->> '$.local_time'
WHERE json_valid(message);

PRAGMA live.user_version = 2;
