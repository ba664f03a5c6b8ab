#!/bin/bash
# feeder load of a document is killed, whatever it is doing: all of the document's news is in, or none.
#
# KILLS=1000 kills more; SEED repeats the delays of a run.  (Once: a killed leak checker complains.)
# tags: once slow
. tests/lib/lib.sh
need sqlite3

kills=${KILLS:-80}
case $bin in *sanitize*) longest=120 ;; *) longest=30 ;; esac
RANDOM=${SEED:=$((RANDOM))}
diag "SEED=$SEED KILLS=$kills"
versions=(tests/fixtures/feeder/openfootball-2026/{060,125}.json)
state() {
    sqlite3 "$1" "SELECT match_id, json_remove(message, '\$.events') FROM matches ORDER BY 1;
                  SELECT match_id, time, team, player FROM timeline WHERE team <> '' ORDER BY 1, 2, 3, 4;
                  SELECT match_id, message, events FROM sources ORDER BY 1" | cksum
}
for i in 0 1; do
    feeder -q -d "$scratch/alone.db" load "${versions[i]}"
    states[i]=$(state "$scratch/alone.db")
    rm "$scratch/alone.db"*
done
feeder -q -d "$db" load "${versions[0]}"
killed=0 other=0 halves=()
for ((n = 1; n <= kills; n++)); do
    feeder -q -d "$db" load "${versions[n % 2]}" 2>>"$scratch/said" &
    pid=$!
    sleep "0.$(printf %03d $((RANDOM % longest)))"
    kill -KILL $pid
    wait $pid
    case $? in 137) killed=$((killed + 1)) ;; 0) ;; *) other=$((other + 1)) ;; esac
    now=$(state "$db")
    [ "$now" = "${states[0]}" ] || [ "$now" = "${states[1]}" ] || halves+=("$n")
done 2>/dev/null
is "${halves[*]}" '' "a load of a document that is killed $kills times inserts all news or none"
diag "$killed were killed in time"
[ $killed -gt $((kills / 5)) ]
ok $? 'many loads were killed during their work'
is "$other $(cat "$scratch/said")" '0 ' 'no load failed because of a killed one'
feeder -q -d "$db" load "${versions[1]}"
is "$(state "$db") $(sqlite3 "$db" 'PRAGMA integrity_check') $(feeder -q -d "$db" check 2>&1; echo $?)" "${states[1]} ok 0" 'the next load is right, and the database whole'
done_testing
