#!/bin/bash
# feeder is killed outright, a few hundred times, whatever it does: each update is in completely or not
# at all, and the database is whole.
#
# KILLS=1000 makes it more; SEED repeats the delays of a run.
. tests/lib.sh
. tests/whole.sh
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
pruning=$(feeder help prune >/dev/null 2>&1 && echo yes)

# doing N - what feeder is to do for the Nth time
doing() {
    case $(($1 % 8)) in
    0) echo load --every 0 "$scratch/paced" ;;
    1) echo load "$scratch/batch" ;;
    2) echo load "$scratch/array" ;;
    3) echo simulate --matches 9 --rate 20000 --loop ;;
    4) echo simulate --speed 1000000 --loop ;;
    5) echo add derby goal '{"team":"home"}' ;;
    6) echo void "$(sql "SELECT ifnull(max(id), 'no goal') FROM match_events WHERE match_id = 'derby' AND type = 'goal'
                         AND id NOT IN (SELECT data ->> '\$.voids' FROM match_events WHERE type = 'void')")" ;;
    7) if [ "$pruning" ]; then echo prune --older-than 1ms --keep-last 500; else echo add derby goal '{"team":"away"}'; fi ;;
    esac
}
killed=0 done=0 other=0
for ((n = 0; n < kills; n++)); do
    read -ra words <<<"$(doing $n)"
    delay=$((RANDOM % longest))
    feeder -q -d "$db" "${words[@]}" 2>>"$scratch/said" &
    pid=$!
    sleep "0.$(printf %03d $delay)"
    kill -KILL $pid
    wait $pid
    case $? in 137) killed=$((killed + 1)) ;; 0) done=$((done + 1)) ;; *) other=$((other + 1)) ;; esac
    [ $((n % 50)) -ne 0 ] || [ "$(torn) $(astray)" = '0 0' ] || { diag "after ${words[*]}, killed after $delay ms:"; break; }
done 2>/dev/null
diag "$killed were killed in time, $done had ended before; $(sql 'SELECT max(id) FROM match_events') rows"
is "$n" "$kills" "killed $kills times, it leaves no update by halves"
[ $killed -gt $((kills / 4)) ]
ok $? 'and most of them in the midst'
is_whole 'the database is whole'
is "$other $(cat "$scratch/said")" '0 ' 'nobody else had trouble with what the killed ones left'
if [ ! "$pruning" ]; then
    is "$(sql "SELECT count(*) % $batch FROM match_events WHERE match_id GLOB 'all*' AND type = 'message'")" 0 \
        'a load at once is in with all its updates, or with none'
    is "$(sql "SELECT home_score + away_score FROM matches WHERE match_id = 'derby'")" \
        "$(sql "SELECT count(*) FILTER (WHERE type = 'goal') - count(*) FILTER (WHERE type = 'void')
                FROM match_events WHERE match_id = 'derby'")" 'each goal that was added counts, and none that was taken back'
fi
is "$(feeder -q -d "$db" add derby goal '{"team":"home"}' 2>&1; echo $?)" 0 'and the next one is welcome'
done_testing
