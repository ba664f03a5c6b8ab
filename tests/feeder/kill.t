#!/bin/bash
# feeder is killed a few hundred times, whatever it is doing: each update is in completely or not
# at all, and the database is intact.
#
# KILLS=1000 kills more; SEED repeats the delays of a run.
# tags: once slow
. tests/lib/lib.sh
. tests/lib/whole.sh
need sqlite3 jq

kills=${KILLS:-300}
case $bin in *sanitize*) longest=120 ;; *) longest=25 ;; esac
RANDOM=${SEED:=$((RANDOM))}
diag "SEED=$SEED KILLS=$kills"
feeder -q -d "$db" init
feeder -q -d "$db" add derby kickoff '{"home_team":"A","away_team":"B"}'

updates() { # updates MATCH COUNT
    seq "$2" | jq -c --arg match "$1" '{match_id: "\($match)\(. % 9)", home_team: "A", away_team: "B", score: {home: ., away: 0},
        time: "1:00", status: "Live", events: [{type: "goal", team: "home"}, {type: "var"}]}'
}
batch=400
updates one 5000 >"$scratch/paced"
updates all $batch >"$scratch/batch"
jq -s . "$scratch/batch" >"$scratch/array"
# doing N [PRUNE] - feeder's arguments for the Nth time
doing() {
    case $(($1 % 8)) in
    0) echo load --every 0 "$scratch/paced" ;;
    1) echo load "$scratch/batch" ;;
    2) echo load "$scratch/array" ;;
    3) echo simulate --matches 9 --rate 20000 --loop ;;
    4) echo simulate --speed 1000000 --loop ;;
    5) echo add derby goal '{"team":"home"}' ;;
    6) sql "SELECT ifnull('void ' || max(id), 'status')
            FROM match_events AS goal
            WHERE match_id = 'derby' AND type = 'goal'
                  AND NOT EXISTS (SELECT 1 FROM match_events WHERE match_id = 'derby' AND type = 'void' AND data ->> '\$.voids' = goal.id)" ;;
    7) if [ "$2" ]; then echo prune --keep-last 500; else echo add derby goal '{"team":"away"}'; fi ;;
    esac
}
# kills FROM TO [PRUNE]
kills() {
    local n words delay pid
    for ((n = $1; n < $2; n++)); do
        read -ra words <<<"$(doing $n "${3:-}")"
        delay=$((RANDOM % longest))
        feeder -q -d "$db" "${words[@]}" >/dev/null 2>>"$scratch/said" &
        pid=$!
        sleep "0.$(printf %03d $delay)"
        kill -KILL $pid
        wait $pid
        case $? in 137) killed=$((killed + 1)) ;; 0) done=$((done + 1)) ;; *) other=$((other + 1)) ;; esac
        [ $((n % 50)) -ne 0 ] || [ "$(torn) $(astray)" = '0 0' ] || { diag "after ${words[*]}, killed after $delay ms:"; return 1; }
    done 2>/dev/null
}
killed=0 done=0 other=0
kills 0 $((kills * 3 / 4))
ok $? "a feeder that is killed $((kills * 3 / 4)) times leaves no partial update"
is "$(sql "SELECT count(*) % $batch FROM match_events WHERE match_id GLOB 'all*' AND type = 'message'")" 0 \
    'a load without a pace inserts all its updates or none'
is "$(sql "SELECT home_score + away_score FROM matches WHERE match_id = 'derby'")" \
    "$(sql "SELECT count(*) FILTER (WHERE type = 'goal') - count(*) FILTER (WHERE type = 'void')
            FROM match_events WHERE match_id = 'derby'")" 'each goal that was added counts, and none that was taken back'
kills $((kills * 3 / 4)) "$kills" prune
ok $? 'a feeder that is killed while it prunes leaves no partial update'
diag "$killed were killed in time, $done had ended before; $(sql 'SELECT max(id) FROM match_events') rows"
[ $killed -gt $((kills / 4)) ]
ok $? 'many feeders were killed during their work'
is_whole 'the database is whole after so many kills'
is "$other $(grep -v 'Unable to get registers' "$scratch/said")" '0 ' 'no other process failed because of killed ones'
is "$(feeder -q -d "$db" add derby goal '{"team":"home"}' 2>&1; echo $?)" 0 'the next feeder can write after so many that were killed'
done_testing
