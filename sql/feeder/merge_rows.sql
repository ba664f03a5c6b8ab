-- Which rows make the log agree with a document about the match ?1?  ?2 is its state, an update
-- without events, and ?3 the array of all that happened, as course.sql makes them.
-- Type and data, in order; the message is last.  No row: there is no news.
--
-- Two events are the same if type, side, player (in and out) and minute are; duplicates
-- count.  The table sources has what the document said last time; without an entry there,
-- the events that count in the log are compared.
--
-- An event that is gone from the document is taken back: by the event that replaces it or, if there
-- is none, by a row of type void.  An event replaces one of its kind with the same two of side,
-- player and minute; a goal replaces any goal of its side.  An event that was taken back and
-- is listed again names the void: that is a correction, and no news.  If the score
-- falls, goals that the document does not list are taken back too, the newest first.
--
-- A status brings its event if that is later than the stage the match has reached; a match that
-- is in play when it first appears gets no kick-off.  Events later than the current status are
-- taken back.
WITH RECURSIVE
kind(type, kind) AS (
    VALUES ('goal', 'goal'), ('penalty', 'goal'), ('own-goal', 'goal'),
           ('yellow-card', 'card'), ('second-yellow', 'card'), ('red-card', 'card')),
-- The stages of a match: in which minute each begins, and whether the match may start over after it.
stage(type, rank, minute, anew) AS (
    VALUES ('kickoff', 1, 1, false), ('halftime', 2, NULL, false), ('secondhalf', 3, 46, false),
           ('extra-time', 4, 91, false), ('shootout', 5, NULL, false), ('fulltime', 6, NULL, false),
           ('postponed', NULL, NULL, true), ('abandoned', NULL, NULL, true), ('cancelled', NULL, NULL, true)),
turn AS MATERIALIZED (
    SELECT type, rank, minute, ifnull(anew, false) AS anew
    FROM (SELECT event AS type FROM statuses WHERE event IS NOT NULL UNION SELECT type FROM stage)
         LEFT JOIN stage USING (type)),
known AS MATERIALIZED (
    SELECT message, home_score, away_score, event
    FROM matches LEFT JOIN statuses
         ON word = replace(replace(replace(lower(status), ' ', ''), '-', ''), '_', '')
    WHERE match_id = ?1),
source AS MATERIALIZED (
    SELECT message, events FROM sources WHERE match_id = ?1),
told AS MATERIALIZED (
    SELECT key, value, value ->> '$.type' AS type FROM json_each(?3)),

-- Events that count in the log, and those that were voided.
row AS MATERIALIZED (
    SELECT id, type, data, data ->> '$.voids' AS voids
    FROM match_events
    WHERE match_id = ?1 AND type <> 'message'),
standing AS MATERIALIZED (
    SELECT id, type, data
    FROM row
    WHERE type <> 'void' AND id NOT IN (SELECT voids FROM row WHERE voids IS NOT NULL)),
heard(list, place, type, data) AS (
    SELECT 'now', key, type, value FROM told
    UNION ALL
    SELECT 'before', key, value ->> '$.type', value FROM source, json_each(events)
    UNION ALL
    SELECT 'before', id, type, data FROM standing WHERE NOT EXISTS (SELECT 1 FROM source)
    UNION ALL
    SELECT 'log', id, type, data FROM standing
    UNION ALL
    SELECT 'void', -void.id, taken.type, taken.data
    FROM row AS void JOIN row AS taken ON taken.id = void.voids
    WHERE void.type = 'void' AND void.id NOT IN (SELECT voids FROM row WHERE voids IS NOT NULL)),
event AS MATERIALIZED (
    SELECT *,
           max(list = 'now') OVER twin AS is_now,
           max(list = 'before') OVER twin AS was_before,
           max(list = 'log') OVER twin AS in_log
    FROM (SELECT *, json_array(type, team, player, minute) AS same,
                 row_number() OVER (PARTITION BY list, type, team, player, minute ORDER BY place) AS n
          FROM (SELECT list, place, heard.type, data, ifnull(kind, heard.type) AS kind,
                       ifnull(data ->> '$.team', '') AS team,
                       ifnull(data ->> '$.player', '') || ifnull(' / ' || (data ->> '$.replaces'), '') AS player,
                       ifnull(CASE instr(data ->> '$.time', ':') WHEN 0 THEN data ->> '$.time'
                              ELSE substr(data ->> '$.time', 1, instr(data ->> '$.time', ':') - 1) END, '') AS minute
                FROM heard LEFT JOIN kind USING (type)
                WHERE heard.type NOT IN (SELECT type FROM turn)))
    WINDOW twin AS (PARTITION BY same, n)),

-- What was added, and what is gone.
new AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY same ORDER BY place) AS nth
    FROM event
    WHERE list = 'now' AND NOT was_before AND NOT in_log),
again AS MATERIALIZED (
    SELECT new.place, -void.place AS voids
    FROM new JOIN event AS void ON void.list = 'void' AND void.same = new.same AND void.n = new.nth),
gone AS MATERIALIZED (
    SELECT * FROM event WHERE list = 'log' AND was_before AND NOT is_now),
alike AS (
    SELECT new.place, gone.place AS id,
           abs(CAST(new.minute AS INTEGER) - CAST(gone.minute AS INTEGER)) AS apart,
           CASE WHEN new.team = gone.team AND new.player = gone.player THEN 1
                WHEN new.team = gone.team AND new.minute = gone.minute THEN 2
                WHEN new.player = gone.player AND new.minute = gone.minute AND new.player <> '' THEN 3
                WHEN new.team = gone.team AND new.kind = 'goal' THEN 4 END AS how
    FROM new JOIN gone USING (kind)
    WHERE new.place NOT IN (SELECT place FROM again)),
pair AS MATERIALIZED (
    SELECT place, id, row_number() OVER (ORDER BY how, apart, place, id) AS number
    FROM alike
    WHERE how IS NOT NULL),
-- The best pair first; then the next with both parts free.
chosen(number, place, id, taken, free) AS (
    SELECT 0, NULL, NULL, ' ', false
    UNION ALL
    SELECT pair.number, pair.place, pair.id,
           taken || iif(instr(taken, format(' n%d ', pair.place)) + instr(taken, format(' g%d ', pair.id)) = 0,
                        format('n%d  g%d ', pair.place, pair.id), ''),
           instr(taken, format(' n%d ', pair.place)) + instr(taken, format(' g%d ', pair.id)) = 0
    FROM chosen JOIN pair ON pair.number = chosen.number + 1),
instead AS MATERIALIZED (
    SELECT place, id AS voids FROM chosen WHERE free
    UNION ALL
    SELECT place, voids FROM again),

-- Goals in excess of the score.
score(team, now, before) AS (
    SELECT 'home', ?2 ->> '$.score.home', home_score FROM known
    UNION ALL
    SELECT 'away', ?2 ->> '$.score.away', away_score FROM known),
unlisted AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY team ORDER BY place) AS nth,
           row_number() OVER (PARTITION BY team ORDER BY place DESC) AS newest
    FROM event
    WHERE list = 'log' AND kind = 'goal' AND NOT was_before AND NOT is_now),
unfit AS (
    SELECT place, type, data
    FROM unlisted JOIN score USING (team)
    WHERE newest <= before - now
          AND nth > max(0, now - (SELECT count(*) FROM event
                                     WHERE list = 'now' AND kind = 'goal' AND event.team = score.team))),

-- The status, and the stage that the match had reached.
stated AS MATERIALIZED (
    SELECT key, value, told.type IS NULL AS by_status, turn.type, rank, minute
    FROM told
         LEFT JOIN statuses ON told.type IS NULL
              AND word = replace(replace(replace(lower(value ->> '$.status'), ' ', ''), '-', ''), '_', '')
         JOIN turn ON turn.type = ifnull(told.type, event)),
status AS MATERIALIZED (
    SELECT state, event, ifnull(anew, false) AS anew, rank
    FROM (SELECT 1) LEFT JOIN statuses
              ON word = replace(replace(replace(lower(?2 ->> '$.status'), ' ', ''), '-', ''), '_', '')
         LEFT JOIN turn ON turn.type = event),
passed AS MATERIALIZED (
    SELECT id, standing.type, data, rank, anew FROM standing JOIN turn USING (type)),
last AS (
    SELECT type FROM passed ORDER BY id DESC LIMIT 1),
since AS MATERIALIZED (
    SELECT passed.*
    FROM passed, status
    WHERE passed.rank IS NOT NULL
          AND (id > ifnull((SELECT max(id) FROM passed WHERE anew), 0)
               OR status.anew AND event IS (SELECT type FROM last))),
bound(rank) AS MATERIALIZED (
    SELECT max(ifnull((SELECT max(rank) FROM stated), 0),
               CASE WHEN state = 'upcoming' OR event IN ('postponed', 'cancelled') THEN 0
                    WHEN event IN ('abandoned', 'suspended') THEN 5
                    WHEN rank IS NOT NULL THEN rank ELSE 9 END)
    FROM status),
reached(rank) AS (
    SELECT min(bound.rank,
               max(ifnull((SELECT max(rank) FROM since), 0),
                   ifnull((SELECT rank FROM known JOIN turn ON turn.type = event), 0)))
    FROM bound),
news AS (
    SELECT key, type, value
    FROM (SELECT *, max(rank) OVER before AS before, row_number() OVER (PARTITION BY by_status ORDER BY key) AS nth,
                 lead(key) OVER (ORDER BY key) IS NULL AS last
          FROM stated
          WINDOW before AS (ORDER BY key ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS stated, reached
    WHERE CASE WHEN stated.rank IS NULL
               THEN last AND type IS NOT (SELECT event FROM known) AND type IS NOT (SELECT type FROM last)
               ELSE stated.rank > reached.rank AND stated.rank > ifnull(before, 0)
                    AND NOT (by_status AND nth = 1 AND NOT EXISTS (SELECT 1 FROM known)
                             AND ifnull(CAST(value ->> '$.time' AS INTEGER) > minute, false)) END),

-- The rows: what is taken back, then the events in order, then the state.
void(id, type, data, why) AS (
    SELECT place, type, data, NULL FROM gone WHERE place NOT IN (SELECT voids FROM instead)
    UNION ALL
    SELECT place, type, data, 'score' FROM unfit
    UNION ALL
    SELECT id, since.type, data, NULL FROM since, bound WHERE since.rank > bound.rank),
entry(part, place, type, score, own) AS MATERIALIZED (
    SELECT 1, id, 'void', ?2 -> '$.score',
           json_patch('{}', json_object('voids', id, 'voided', type, 'why', why, 'time', data -> '$.time',
                                        'team', data -> '$.team', 'player', data -> '$.player'))
    FROM void
    UNION ALL
    SELECT 2, new.place, type, data -> '$.score',
           iif(voids IS NULL, json_remove(data, '$.type', '$.score', '$.match_id', '$.home_team', '$.away_team'),
               json_set(json_remove(data, '$.type', '$.score', '$.match_id', '$.home_team', '$.away_team'), '$.voids', voids))
    FROM new LEFT JOIN instead USING (place)
    UNION ALL
    SELECT 3, key, type, value -> '$.score',
           json_remove(value, '$.type', '$.score', '$.match_id', '$.home_team', '$.away_team')
    FROM news),
happened AS MATERIALIZED (
    SELECT part, type, score, own, row_number() OVER (ORDER BY part = 1 DESC, place) AS number FROM entry),
message AS (
    SELECT count(*) AS rows,
           json_group_array(json(
               '{"type":' || json_quote(type)
               || CASE own WHEN '{}' THEN '}' ELSE ',' || substr(own, 2) END)) FILTER (WHERE part < 3) AS events
    FROM (SELECT * FROM happened ORDER BY number))
SELECT type, data
FROM (SELECT number, type,
             '{"match_id":' || (?2 -> '$.match_id') || ',"home_team":' || (?2 -> '$.home_team')
             || ',"away_team":' || (?2 -> '$.away_team') || ',"score":' || score
             || CASE own WHEN '{}' THEN '}' ELSE ',' || substr(own, 2) END AS data
      FROM happened
      UNION ALL
      SELECT 1 + rows, 'message', json_insert(?2, '$.events', json(events))
      FROM message
      WHERE rows > 0
            OR ?2 IS NOT coalesce((SELECT message FROM source),
                                  (SELECT json_remove(message, '$.events') FROM known)))
ORDER BY number;
