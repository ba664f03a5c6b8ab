#!/bin/bash
# No row is lost, repeated or out of order: 20 clients hang up at random and resume with
# Last-Event-ID, while feeder and sqlite3 write 2,000 rows, and the service is restarted in the
# middle.

. tests/lib/lib.sh
need python3 curl

# update N - the state of a match, for feeder load
update() {
    printf '{"match_id":"f%d","home_team":"A","away_team":"Ö","score":{"home":%d,"away":0},"time":"%d:00","status":"First Half","events":[]}\n' \
        $(($1 % 7)) "$1" "$1"
}

by_feeder() {
    local i n
    for i in 1 2 3 4 5 6 7 8 9 10; do
        for n in $(seq $((i * 100)) $((i * 100 + 99))); do update "$n"; done | feeder -d "$db" load - || return
    done >"$scratch/feeder.out" 2>&1
}

by_sqlite3() {
    local i
    for i in 1 2 3 4 5 6 7 8 9 10; do
        seq -f "INSERT INTO match_events(match_id, type, data) VALUES ('s$i', 'goal', json_object('n', %g));" 100 |
            sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db" || return
    done
}

feeder -d "$db" init 2>"$scratch/ignored"
serve --max-per-client 1000 || exit
: >"$scratch/final"
start python3 tests/lib/resume.py "$port" 20 "$scratch/final" >"$scratch/trouble" 2>"$scratch/connections"
clients=$!
by_feeder &
first=$!
by_sqlite3 &
second=$!
half() { [ "$(sql 'SELECT count(*) >= 1000 FROM match_events')" = 1 ]; }
eventually half
kill -TERM "$service"
wait "$service"
serve_port=$port serve --max-per-client 1000
wait "$first"
is $? 0 'feeder writes 1,000 updates while sqlite3 does'
wait "$second"
is $? 0 'sqlite3 writes 1,000 rows while feeder does'
sql 'SELECT json_array(id, type, data) FROM match_events ORDER BY id' >"$scratch/final.rows"
[ "$(wc -l <"$scratch/final.rows")" -ge 2000 ]; ok $? 'the log has at least 2,000 rows'
sql 'SELECT max(id) FROM match_events' >"$scratch/final"
wait "$clients"
is "$(cat "$scratch/trouble")" '' 'each of 20 clients has every row once, in order'
no_crash
done_testing
