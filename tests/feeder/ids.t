#!/bin/bash
# Ids only grow, and there are enough of them: a row whose id no client would get, or which would use the ids up, is refused,
# and check finds earlier damage.
# tags: once
. tests/lib/lib.sh
need sqlite3 curl

feeder -q -d "$db" init
far=9007199254740991
refused() { sqlite3 "$db" "$1" 2>&1; }
add() { feeder -d "$db" add m1 var '{}' 2>&1; echo $?; }
check() { feeder -d "$db" check "$@" 2>&1; echo $?; }
insert="INSERT INTO match_events(match_id, type, data)"

# Ids that restart
for _ in 1 2 3; do add >/dev/null; done
for changed in 'DELETE FROM match_events; DELETE FROM sqlite_sequence' 'UPDATE sqlite_sequence SET seq = 2' 'UPDATE sqlite_sequence SET seq = 0'; do
    sql "$changed"
    like "$(add)" "^feeder: match_events: sqlite_sequence was changed, .*\"feeder check --repair\" puts it right.65\$" "after $changed, feeder add is refused"
    like "$(refused "$insert VALUES ('m1', 'x', '{}')")" 'feeder check --repair' "after $changed, an INSERT is refused"
    like "$(refused "INSERT OR IGNORE INTO match_events(match_id, type, data) VALUES ('m1', 'x', '{}')")" 'feeder check --repair' "after $changed, an INSERT OR IGNORE is refused, too"
    is "$(sql 'SELECT count(*) FROM match_events')" 0 "no refused row is left after $changed"
    like "$(check)" "1 finding, 0 repaired.$db: the next id would be [13], but ids up to 3 have been used: --repair continues after them.65\$" "check finds the wrong sequence after $changed"
    like "$(check --repair)" '0 findings, 1 repaired.*0$' "check --repair puts the sequence right after $changed"
    is "$(check)" "feeder: $db: 0 findings, 0 repaired
0" 'for good'
done
serve || exit
stream live "$url/livescore"
eventually shows live '^: '
is "$(add)" "4
0" 'ids continue after the used ones'
eventually shows live '^id: 4$'; ok $? 'a client gets the row after the used ids'
sql 'DELETE FROM sqlite_sequence'
is "$(add)" "5
0" 'SQLite continues after a newer row by itself'

# Ids that are used up
like "$(refused "INSERT INTO match_events(id, match_id, type, data) VALUES ($far, 'm1', 'x', '{}')")" 'this id would leave too few for the rows to come: leave id out' \
    'the last id of all is refused'
like "$(refused "INSERT INTO match_events(id, match_id, type, data) VALUES ((1 << 52) + 1, 'm1', 'x', '{}')")" 'leave id out' 'the first id past half of all ids is refused'
sql "UPDATE sqlite_sequence SET seq = $far"
like "$(add)" 'feeder check --repair.*65$' 'an id that SQLite would assign is refused there, too'
like "$(check --repair)" '1 repaired.*0$' 'check --repair puts right a sequence that has used the ids up'
is "$(add)" "6
0" 'the next id follows the newest row'
sql "INSERT INTO match_events(id, match_id, type, data) VALUES (1 << 52, 'm1', 'x', '{}')"; ok $? 'the last id of the first half is accepted'
is "$(add)" "$(((1 << 52) + 1))
0" 'there are ids past the half for rows that are numbered by SQLite'

# Rows inserted after the ids restarted, in a schema that allowed it
rm -f "$db"*
stop_service
older() { sed '/^CREATE TRIGGER match_events_in_reach/,/^END/d; /^CREATE TRIGGER match_events_onward/,/^END/d' sql/schema.sql | sqlite3 -bail "$db" >/dev/null; }
older
message m1 1 0; message m1 2 0; message m1 3 0
sql 'DELETE FROM match_events; DELETE FROM sqlite_sequence'
message m1 4 0
like "$(check)" 'the next id would be 2, but ids up to 3 have been used, so clients miss the rows inserted since, up to 1: insert these again: --repair' \
    'check names the rows that no client gets'

# The last id
rm -f "$db"*
older
message m1 1 0; message m2 0 0
sql "INSERT INTO match_events(id, match_id, data) SELECT $far, match_id, json_set(data, '\$.score.home', 9) FROM match_events WHERE id = 2"
like "$(add)" "^feeder: id must be from 1 to 2.53-1, .*or run 'feeder check --repair'.65\$" 'the row after the last id is refused, with the remedy'
serve || exit
stream live "$url/livescore"
eventually shows live "^id: $far"
like "$(check)" "$db: 1 row with an id that leaves too few for the rows to come, the first is row $far: 'DELETE FROM match_events WHERE id > 4503599627370496' in sqlite3 .*'feeder check --repair'" \
    'check finds the row that used the ids up'
unlike "$(check)" 'state of' 'check does not report the state of a match after a row that used the ids up'
sql 'DELETE FROM match_events WHERE id > 4503599627370496'
like "$(check)" "too few ids are left after $far: --repair continues after the newest row" 'check finds that too few ids are left when the row that used them up is deleted'
like "$(check --repair)" '0 findings, [0-9]+ repaired.*0$' 'check --repair makes ids available again'
is "$(check | tail -1) $(add) $(sql "SELECT group_concat(home_score) FROM matches")" "0 3
0 1,0" 'ids continue after the newest row, and the state agrees with the log'
eventually shows live '"reason":"ahead"'; ok $? 'a client that had the last id gets a reset'
stream new "$url/livescore"
eventually shows new '^id: 2$'
add >/dev/null
eventually shows new '^id: 4$' && eventually shows live '^id: 4$'; ok $? 'streams go on after ids were made available again'
no_crash
done_testing
