#!/bin/bash
# A replica, and a replica of that one, under kill -9 while rows flow: no row is lost or repeated; and a log that is
# rebuilt, because its origin was pruned, is the old one or the new one.
#
# KILLS=300 kills more; SEED repeats the delays of a run.
# tags: once slow
. tests/lib/lib.sh
need curl sqlite3

kills=${KILLS:-60}
RANDOM=${SEED:=$((RANDOM))}
diag "SEED=$SEED KILLS=$kills"
edge=$scratch/edge.db far=$scratch/far.db
feeder -q -d "$db" init
serve --heartbeat 1s || exit
from=$url
origin=$db
feeder -q -d "$edge" init
db=$edge serve --heartbeat 1s || exit
from_edge=$url

# follow DB URL - like the unit, until $scratch/go is removed
follow() {
    local status
    while [ -e "$scratch/go" ]; do
        curl -sN "$2/livescore?batch=1000&heartbeat=event&after=$(feeder -d "$1" cursor --at)" | feeder -q -d "$1" replicate -
        status=${PIPESTATUS[1]}
        echo "$status" >>"$scratch/ends"
        [ "$status" -ne 79 ] || curl -sN "$2/livescore?batch=1000&heartbeat=event&after=0" | feeder -q -d "$1" replicate --rebuild -
    done 2>>"$scratch/errors"
}
# replicas DB - the processes that write it
replicas() {
    local file
    for file in $(grep -lsx feeder /proc/[0-9]*/comm); do
        file=${file%comm}cmdline
        ! tr '\0' ' ' <"$file" 2>/dev/null | grep -qF -- "$1 replicate" || { file=${file#/proc/}; echo "${file%/cmdline}"; }
    done
}
: >"$scratch/go"
follow "$edge" "$from" & started+=($!)
follow "$far" "$from_edge" & started+=($!)
feeder -q -d "$origin" simulate --rate 400 --loop & started+=($!)
writer=$!
runs() { [ -n "$(replicas "$1")" ]; }
killed=0
for ((n = 0; n < kills; n++)); do
    sleep "0.$(printf %03d $((RANDOM % 200)))"
    victim=$edge
    [ $((n % 2)) -eq 0 ] || victim=$far
    eventually runs "$victim" # on a slow machine, it may not have been started again
    if [ $((n % 12)) -eq 6 ]; then # it falls behind the origin's log
        for pid in $(replicas "$victim"); do kill -STOP "$pid"; done
        sleep 0.3
        feeder -q -d "$origin" prune --keep-last 5
    fi
    for pid in $(replicas "$victim"); do kill -KILL "$pid" 2>/dev/null && killed=$((killed + 1)); done
    [ $((n % 10)) -ne 0 ] || [ ! -e "$edge" ] || sqlite3 "$edge" 'PRAGMA quick_check' | grep -qx ok || diag "the edge is damaged after kill $n"
done 2>/dev/null
kill "$writer"
wait "$writer" 2>/dev/null
head=$(feeder -d "$origin" cursor)
is_at() { [ "$(feeder -d "$1" cursor)" = "$head" ]; }
[ $killed -gt $((kills / 3)) ]; ok $? 'many replicas were killed as they ran'
eventually is_at "$edge"; ok $? 'a replica that is killed again and again comes to the end of the log'
eventually is_at "$far"; ok $? 'a replica of a replica comes to the end of the log'
grep -qx 79 "$scratch/ends"; ok $? 'some logs had to be rebuilt'
rm "$scratch/go"
diag "$killed killed, $(sort "$scratch/ends" | uniq -c | xargs), row $head"
rows="SELECT * FROM match_events WHERE id > (SELECT max(value) FROM (SELECT value FROM meta WHERE key = 'pruned' UNION ALL VALUES ($((head - 150))))) ORDER BY id"
is "$(sqlite3 "$edge" "$rows" | md5sum)" "$(sqlite3 "$origin" "$rows" | md5sum)" 'a replica that was killed has the rows of its origin'
is "$(sqlite3 "$far" "$rows" | md5sum)" "$(sqlite3 "$origin" "$rows" | md5sum)" 'a replica of a replica that was killed has the rows of the origin'
states='SELECT * FROM matches WHERE match_id IN (SELECT match_id FROM matches ORDER BY message_id DESC LIMIT 6) ORDER BY match_id'
is "$(sqlite3 "$edge" "$states" | md5sum) $(sqlite3 "$far" "$states" | md5sum)" "$(sqlite3 "$origin" "$states" | md5sum) $(sqlite3 "$origin" "$states" | md5sum)" 'the states of the matches are those of the origin'
for one in "$edge" "$far"; do
    is "$(sqlite3 "$one" "SELECT count(*) FROM match_events WHERE id <= (SELECT value FROM meta WHERE key = 'pruned')")" 0 "$(basename "$one"): no row is left of a rebuilt log"
    holes=$(sqlite3 "$one" "SELECT max(id) - (SELECT value FROM meta WHERE key = 'pruned') - count(*) FROM match_events")
    is "$holes" 0 "$(basename "$one"): no row is missing in what is there"
    is "$(feeder -q -d "$one" check)" '' "$(basename "$one") is whole after so many kills"
done
is "$(grep -cE 'feeder:' "$scratch/errors")" "$(grep -cE "can't continue|received neither|ended before all rows" "$scratch/errors")" 'a replica that follows one that was killed has no other trouble' || diag "$(grep -vE "can't continue|received neither|ended before" "$scratch/errors" | sort | uniq -c | head -5)"
no_crash
done_testing
