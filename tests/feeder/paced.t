#!/bin/bash
# Paced loads: on a terminal, and killed.
# tags: sanitized
LEAKS=0
. tests/lib/lib.sh
need sqlite3 jq script

feeder -q -d "$db" init
query() { sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" "$1"; }
# whether at least N rows have been inserted
rows() { [ "$(query 'SELECT count(*) FROM match_events')" -ge "$1" ]; }
updates() { # updates FROM TO
    seq "$1" "$2" | jq -c '{match_id: "m\(.)", home_team: "A", away_team: "B", score: {home: ., away: 0},
        time: "1:00", status: "Live", events: [{type: "goal", n: .}, {type: "var", n: .}]}'
}
gone() { ! kill -0 "$1" 2>/dev/null; }
updates 1 3 >"$scratch/three"

is "$(feeder -d "$db" load --every 0 "$scratch/three" 2>&1 | sed 's/in [0-9.]* s/in T s/')" \
    "feeder: $scratch/three: 3 updates, 9 rows, in T s" 'with --every a file is loaded to its end'
from=${EPOCHREALTIME/./}
feeder -q -d "$db" load --every 200ms "$scratch/three"
[ $((${EPOCHREALTIME/./} - from)) -ge 400000 ]
ok $? 'three updates 200 ms apart take 400 ms at least'
{ cat "$scratch/three"; echo '{"match_id":"x"}'; cat "$scratch/three"; } >"$scratch/bad"
before=$(query 'SELECT count(*) FROM match_events')
like "$(feeder -d "$db" load --every 0 "$scratch/bad" 2>&1; echo $?)" \
    'line 4: home_team: expected a name, found nothing.*before that, 3 updates, 9 rows.*65$' \
    'a bad update ends a paced load'
is "$(($(query 'SELECT count(*) FROM match_events') - before))" 9 'updates before a bad one stay'

# A pipe: each update is live as soon as it is written
rm -f "$db"*
feeder -q -d "$db" init
mkfifo "$scratch/pipe"
exec 3<>"$scratch/pipe"
start env --default-signal=INT feeder -d "$db" load --every 0 "$scratch/pipe" 2>"$scratch/said"
feeder=$!
updates 1 1 >&3
eventually rows 3
ok $? 'an update that is written to a pipe is inserted while the pipe stays open'
updates 2 2 | head -c 50 >&3
updates 2 2 | tail -c +51 >&3
eventually rows 6
ok $? 'an update that comes in two pieces is inserted'
query 'BEGIN IMMEDIATE; COMMIT;'
ok $? 'other programs may write while a load waits for a pipe'
kill -INT $feeder
wait $feeder
is $? 0 'SIGINT while it waits for the pipe ends it with exit code 0'
like "$(cat "$scratch/said")" 'pipe: stopped after 2 updates, 6 rows, in' 'a load that is stopped while it waits for a pipe says how much it has loaded'
exec 3>&-

# Signals during a pause
for signal in INT TERM; do
    rm -f "$db"*
    feeder -q -d "$db" init
    start env --default-signal=INT feeder -d "$db" load --every 1h "$scratch/three" 2>"$scratch/said"
    feeder=$!
    eventually rows 3
    kill -$signal $feeder
    eventually gone $feeder
    ok $? "SIG$signal ends a sleep of an hour at once"
    wait $feeder
    is "$? $(query 'SELECT count(*) FROM match_events')" '0 3' "SIG$signal ends a load between two updates, with exit code 0"
done

# --loop
rm -f "$db"*
feeder -q -d "$db" init
start env --default-signal=INT feeder -d "$db" load --every 1ms --loop "$scratch/three" 2>"$scratch/said"
feeder=$!
eventually rows 30
ok $? '--loop begins again at the end'
kill -INT $feeder
wait $feeder
is "$? $(query "SELECT count(*) % 3 FROM match_events")" '0 0' '--loop ends after a whole update when it is interrupted'
like "$(feeder -d "$db" load --loop "$scratch/three" 2>&1; echo $?)" 'needs a pace.*64$' '--loop needs --every'
like "$(cat "$scratch/three" | feeder -d "$db" load --every 0 --loop - 2>&1; echo $?)" 'needs a file.*64$' '--loop needs a file'
echo '[]' >"$scratch/none"
like "$(timeout "$PATIENCE" feeder -d "$db" load --every 0 --loop "$scratch/none" 2>&1; echo $?)" 'contains no update.*65$' '--loop needs a file that holds updates'

# A terminal
updates 1 3000 >"$scratch/many"
rm -f "$db"*
TERM=xterm script -qec "feeder -d '$db' load --every 0 '$scratch/many'" /dev/null </dev/null >"$scratch/screen"
like "$(cat "$scratch/screen")" '[0-9]+%  [0-9,]+ rows  [0-9,]+/s  [0-9]+:[0-9]+ left' 'a terminal shows share, rows, rate and time left'
like "$(tail -c 300 "$scratch/screen")" $'\r\x1b\\[Kfeeder: .*3000 updates, 9000 rows' 'a terminal has its line cleared for the summary'
is "$(TERM=xterm script -qec "feeder -q -d '$db' load '$scratch/many'" /dev/null </dev/null)" '' 'nothing is shown on a terminal with -q'
rm -f "$db"*
feeder -q -d "$db" init
unlike "$(feeder -d "$db" load --every 0 "$scratch/many" 2>&1)" $'\r|\x1b' 'only a terminal gets a line of progress'

# Killed
rm -f "$db"*
feeder -q -d "$db" init
torn=0
for i in {1..20}; do
    feeder -q -d "$db" load --every 0 "$scratch/many" &
    feeder=$!
    eventually rows $((i + 1))
    sleep "0.0$((i % 7))"
    kill -KILL $feeder
    wait $feeder 2>/dev/null
    [ "$(query "SELECT count(*) FROM (SELECT match_id FROM match_events GROUP BY match_id
                HAVING sum(type = 'message') <> sum(type = 'goal') OR sum(type = 'goal') <> sum(type = 'var'))")" = 0 ] ||
        torn=$((torn + 1))
done 2>/dev/null
is $torn 0 'a paced load that is killed 20 times leaves whole updates'
is "$(query 'PRAGMA integrity_check')" ok 'a feeder that is killed leaves a whole database'
before=$(query 'SELECT count(*) FROM match_events')
for i in 1 2 3 4 5 6; do updates 1 3000; done >"$scratch/much"
for i in {1..10}; do
    feeder -q -d "$db" load "$scratch/much" &
    feeder=$!
    sleep "0.0$i"
    kill -KILL $feeder 2>/dev/null
    wait $feeder 2>/dev/null
done 2>/dev/null
is "$((($(query 'SELECT count(*) FROM match_events') - before) % 54000))" 0 'a load at once that is killed leaves all or nothing'
done_testing
