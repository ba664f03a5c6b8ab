#!/bin/bash
# What the schema refuses, with messages, from any writer; and a database with an older schema: it is
# served and written, check finds invalid rows, and --repair replaces the constraints.
# tags: once
. tests/lib/lib.sh
need sqlite3 curl jq

make_db
# insert VALUES - of match_id, type, data and created_at; prints sqlite3's output
insert() { sqlite3 "$db" "INSERT INTO match_events(match_id, type, data, created_at) VALUES ($1)" 2>&1; }
# refuses VALUES WORDS NAME
refuses() { like "$(insert "$1")" "CHECK constraint failed: $2" "$3"; }

at="'2026-11-22T14:00:00.000Z'"
is "$(insert "'m', 'goal', '{}', $at")" '' 'a full time is accepted'
for bad in "'yesterday'" "'now'" "''" "'2026-11-22'" "'2026-11-22 14:00:00'" "'2026-11-22T14:00:00Z'" "'2026-11-22T14:00:00.00Z'" \
    "'2026-11-22T14:00:00.00 Z'" "'2026-11-22T14:00:00.000+01:00'" "'2026-13-22T14:00:00.000Z'" "'2026-11-22T14:60:00.000Z'" \
    "'2026-11-2xT14:00:00.000Z'" "$at || char(0)" "$at || ' '"; do
    refuses "'m', 'goal', '{}', $bad" 'created_at must be UTC and in full, such as .*: leave it out' "a time of $bad is refused"
done
sql "INSERT INTO match_events(match_id, data) VALUES ('m', '{}')"; ok $? 'a time that is left out is written as the rule wants it'
refuses "'m', 'goal', '{\"a\":1}' || char(0), $at" 'data must not hold a NUL byte' 'a NUL behind data is refused'
refuses "'m', 'goal', '{}' || char(0) || '{', $at" 'data must not hold a NUL byte' 'text behind a NUL in data is refused'
is "$(insert "'m', 'goal', '{\"a\":\"\\u0000\"}', $at")" '' 'an escaped NUL in data is taken'
refuses "'m' || char(0), 'goal', '{}', $at" 'match_id must be' 'a NUL in a match_id is refused'
refuses "'m', 'goal' || char(0) || 'BAD TYPE', '{}', $at" 'type must be' 'a NUL in a type is refused'
for type in error heartbeat open reset; do
    refuses "'m', '$type', '{}', $at" 'type must not be error, heartbeat, open or reset' "the type $type, which streams have, is refused"
    like "$(feeder -d "$db" add m $type '{}' 2>&1; echo $?)" "^feeder: type must not be error, heartbeat, open or reset, .*65\$" "feeder add refuses the type $type, and says so in the words of the schema"
    like "$(feeder -d "$db" load - 2>&1 <<<'{"match_id":"m1","home_team":"A","away_team":"B","score":{"home":1,"away":0},"time":"1:00","status":"First Half","events":[{"type":"'$type'"}]}'; echo $?)" \
        "line 1: events\[0\]\.type: expected one that is not reserved for streams, found \"$type\".*65\$" "feeder load refuses the type $type, with the place"
done
is "$(insert "'m', 'errors', '{}', $at")$(insert "'m', 'opened', '{}', $at")" '' 'types that begin like reserved ones are taken'
is "$(sql 'SELECT count(*) FROM match_events')" 5 'no row that was refused is in the log'

# A database without these constraints
db=$scratch/older.db
sed -E "s/instr\([^=]* = 0/true/; s/type <> 'error' AND .*'reset'/true/; s/length\(CAST\(created_at AS BLOB\)\) = 24/true/; s/AND created_at GLOB .*//; s/AND julianday.*/)/" \
    sql/schema.sql | sqlite3 -bail "$db" >/dev/null
sql "INSERT INTO match_events(match_id, type, data, created_at) VALUES
     ('m1', 'message', '{\"status\":\"FT\"}', 'yesterday'), ('m1', 'goal', '{\"n\":1}' || char(0) || '{', $at),
     ('m2', 'message', '{\"n\":2}' || char(0) || '\"', $at), ('m1', 'error', '{}', $at), ('m1' || char(0), 'goal', '{}', $at),
     ('m1', 'goal', '{\"n\":3}', '2999-01-01T00:00:00.000Z'), ('m3', 'message', '{\"n\":4}', '1970-01-01T00:00:00.000Z')"
serve || exit
is "$(get '/livescore?format=json&after=0' | jq -c '[.events[] | [.id, .data.n]]')" '[[1,null],[2,1],[3,2],[4,null],[5,null],[6,3],[7,4]]' \
    'one row with a NUL does not spoil an answer in JSON'
stream batch "$url/livescore?after=0&batch=10"
eventually shows batch '^data: '
is "$(sed -n 's/^data: //p' "$scratch/batch" | jq -c '[.[].data.n]')" '[null,1,2,null,null,3,4]' 'rows with a NUL do not spoil a batch'
is "$(get '/livescore?format=json' | jq -c '[.events[].data.n]')" '[null,2,4]' 'rows with a NUL do not spoil a snapshot'
stream rows "$url/livescore?after=0"
eventually shows rows '^id: 7'
is "$(sed -n 's/^data: //p' "$scratch/rows" | jq -c .n | tr '\n' ' ')" 'null 1 2 null null 3 4 ' 'rows with a NUL do not spoil a stream'
is "$(feeder -d "$db" add m4 price '{"euro":7}')" 8 'feeder add writes to a database of the old schema'
eventually shows rows '"euro":7'; ok $? 'a row that is written under the old rules is streamed'

check() { feeder -d "$db" check "$@" 2>&1; echo $?; }
said=$(check)
like "$said" "$db: 1 row against the rule \"match_id must be [^\"]*\", the first is row 5: 'DELETE FROM match_events WHERE id = 5' in sqlite3" 'check finds the match_id'
like "$said" "$db: 1 row against the rule \"type must not be [^\"]*\", the first is row 4: 'DELETE FROM match_events WHERE id = 4'" 'check finds a type that is reserved for streams'
like "$said" "$db: 2 rows against the rule \"data must not hold a NUL byte, [^\"]*\", the first is row 2: 'DELETE FROM match_events WHERE id = 2'" 'check finds the rows with a NUL'
like "$said" "$db: 2 rows with a time that can't be right, the first is row 1: 'prune --older-than' deletes it with a later row; '--keep-last' ignores times" 'check finds the times that cannot be right, but not those of long ago'
like "$said" "$db: the constraints of table match_events differ from the schema: --repair replaces them" 'check finds constraints that differ from the schema'
like "$said" '5 findings, 0 repaired.*65$' 'check has five findings'
exec 3> >(sqlite3 "$db" >"$scratch/writer" 2>&1)
writer=$!
echo "INSERT INTO match_events(match_id, type, data) VALUES ('m5', 'open', '{}') RETURNING 'in';" >&3
eventually shows writer in; ok $? 'a database of the old schema lets a reserved type in until it is repaired'
like "$(check --repair)" '4 findings, 1 repaired.*constraints of table.*65$' '--repair replaces the constraints'
echo "INSERT INTO match_events(match_id, type, data) VALUES ('m5', 'open', '{}') RETURNING 'in again';" >&3
eventually shows writer 'type must not be error'; ok $? 'a writer that has the database open follows the new rules at once'
exec 3>&-
wait $writer
unlike "$(check)" 'constraints of table' 'check finds no old constraints after the repair'
is "$(feeder -d "$db" add m4 price '{"euro":8}')" 10 'a valid row is accepted after the repair'
eventually shows rows '"euro":8'; ok $? 'streams go on after the repair'
sql 'DELETE FROM match_events WHERE id < 10'
is "$(check --repair | tail -1) $(check | tail -1)" '0 0' 'check finds nothing after its remedies'
is "$(sql "SELECT sql FROM sqlite_schema WHERE name = 'match_events'")" "$(sqlite3 "$scratch/live.db" "SELECT sql FROM sqlite_schema WHERE name = 'match_events'")" \
    'the schema after the repair is that of a new database'
is "$(sql 'PRAGMA integrity_check')" ok 'the file is whole after the repair'
sql 'ALTER TABLE match_events ADD COLUMN more TEXT'
like "$(check --repair)" "table match_events differs from the schema: restore a backup.*65\$" '--repair does not change the constraints of a log with other columns'
db=$scratch/nocase.db
sed 's/match_id   TEXT NOT NULL$/& COLLATE NOCASE/' sql/schema.sql | sqlite3 -bail "$db" >/dev/null
sql "INSERT INTO match_events(match_id, data) VALUES ('a', '{}'), ('B', '{}'), ('c', '{}'), ('A', '{}')"
like "$(check --repair)" "table match_events differs from the schema: restore a backup.*65\$" '--repair does not change the constraints of a log with another collation'
is "$(sql 'PRAGMA integrity_check')" ok 'the indexes of a log of another collation stay in order'
no_crash
done_testing
