#!/bin/bash
# feeder load by the match clock: --speed, --from, --until, --loop.
# tags: sanitized
LEAKS=0
. tests/lib/lib.sh
need sqlite3 jq

query() { sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" "$1"; }
fresh() { rm -f "$db"*; feeder -q -d "$db" init; }
cup=tests/fixtures/feeder/formats/openfootball-2022.json
# update MATCH TIME STATUS [KICKOFF]
update() {
    printf '{"match_id":"%s","home_team":"A","away_team":"B","score":{"home":0,"away":0},"time":"%s","status":"%s"%s}\n' \
        "$1" "$2" "$3" "${4:+,\"starts_at\":\"$4\"}"
}
# order - the messages in the order of insertion
order() { query "SELECT group_concat(match_id || '@' || (data ->> '\$.time'), ' ') FROM (SELECT * FROM match_events WHERE type = 'message' ORDER BY id)"; }
# timed COMMAND... - sets $ms
timed() {
    local from=${EPOCHREALTIME/./}
    "$@"
    ms=$(((${EPOCHREALTIME/./} - from) / 1000))
}

{ update a 0:00 'First Half'; update a 10:00 'First Half'; update a 45+2 'First Half'; update a 45:00 'Half Time'; update a 46:00 'Second Half'
  update b 0:00 'First Half'; update b 5:00 'First Half'; update b 47:30 'Second Half'; } >"$scratch/two"
fresh
timed feeder -q -d "$db" load --speed 3750 "$scratch/two"
is "$(order)" 'a@0:00 b@0:00 b@5:00 a@10:00 a@45+2 a@45:00 a@46:00 b@47:30' 'matches are played side by side, by their clocks'
[ $ms -ge 1000 ]
ok $? '62.5 minutes of play take at least a second at 3750 times the speed'
fresh
{ update a 0:00 'First Half' 2022-12-18T18:00:00Z; update a 10:00 'First Half'; update b 0:00 'First Half' 2022-12-18T18:05Z
  update c 0:00 'First Half' 2022-12-18T19:01+01:00; } >"$scratch/three"
feeder -q -d "$db" load --speed 100000 "$scratch/three"
is "$(order)" 'a@0:00 c@0:00 b@0:00 a@10:00' 'matches are played from their kick-offs on'

# A tournament: days without a match are shortened
fresh
feeder -q -d "$db" load --speed 1000000 "$cup"
is "$? $(query 'SELECT count(*) FROM matches')" '0 64' 'a tournament of a month is played to the end'
query 'SELECT match_id, type, data FROM match_events ORDER BY id' >"$scratch/played"
events="SELECT match_id, type, data FROM match_events WHERE type <> 'message' ORDER BY match_id, id"
query "$events" >"$scratch/events"
fresh
feeder -q -d "$db" load "$cup"
query "$events" | cmp - "$scratch/events"
ok $? 'a tournament played by the clock has the same events as one loaded at once'
fresh
feeder -q -d "$db" load --every 0 "$cup"
query 'SELECT match_id, type, data FROM match_events ORDER BY id' | cmp - "$scratch/played"
ok $? 'a tournament loaded with --every has the same rows'
fresh
{ update a 0:00 'First Half' 1922-12-18T18:00:00Z; update b 0:00 'First Half' 2022-12-18T18:00:00Z; } >"$scratch/century"
timeout "$PATIENCE" feeder -q -d "$db" load --speed 10000 "$scratch/century"
is "$? $(order)" '0 a@0:00 b@0:00' 'days without a match are shortened: a century does not take 87 hours at 10000 times the speed'

# --from and --until
matches() { query "SELECT group_concat(home_team) FROM (SELECT home_team FROM matches ORDER BY message_id)"; }
fresh; feeder -q -d "$db" load --from 2022-12-17 "$cup"
is "$(matches)" 'Croatia,Argentina' '--from a day takes what happens on it and later'
fresh; feeder -q -d "$db" load --from 2022-12-13 --until 2022-12-14 "$cup"
is "$(matches)" 'Argentina,France' '--until a day includes it'
fresh; feeder -q -d "$db" load --from 2022-12-18T18:00Z --until 2022-12-18T19:00:00+00:00 "$cup"
is "$(query "SELECT status, clock FROM matches")" 'Half Time|45' '--until an instant excludes it: an hour of the final'
fresh; feeder -q -d "$db" load --from 2022-12-18T19:00 "$cup"
is "$(query "SELECT group_concat(type) FROM (SELECT type FROM match_events WHERE type <> 'message' ORDER BY id)")" \
    'secondhalf,penalty,goal,extra-time,goal,penalty,shootout,fulltime' '--from an instant takes the rest of a match'
fresh; feeder -q -d "$db" load --from 2023-01-01 "$cup"
is "$? $(query 'SELECT count(*) FROM match_events')" '0 0' '--from after the last match selects nothing'
for when in yesterday 2022-13-01 2022-12-18X18:00 18:00 '' 1671390000; do
    like "$(feeder -q -d "$db" load --from "$when" "$cup" 2>&1; echo $?)" "^feeder: --from: expected a day or an instant .*, found $when.64\$" \
        "--from ${when@Q} is refused"
done
like "$(feeder -q -d "$db" load --until 2022-12-18 "$scratch/two" 2>&1; echo $?)" \
    'two: update 1: the kick-off of match a is not known, and --from and --until need it.65$' '--from needs updates with a kick-off'

# --loop
fresh
start env --default-signal=INT feeder -q -d "$db" load --speed 1000000 --loop --from 2022-12-18 "$cup"
feeder=$!
three_finals() { [ "$(query "SELECT count(*) FROM match_events WHERE type = 'fulltime'")" -ge 3 ]; }
eventually three_finals
ok $? '--loop plays it again'
kill -INT $feeder
wait $feeder
is $? 0 '--loop ends with exit code 0 when interrupted'
fresh
update a 0:00 'First Half' >"$scratch/one"
start bash -c 'exec feeder -q -d "$0" load --speed 1000000 --loop - < <(cat "$1")' "$db" "$scratch/one"
feeder=$!
eventually eval '[ "$(query "SELECT count(*) FROM match_events")" -ge 3 ]'
ok $? '--loop plays what came through a pipe again'
kill -TERM $feeder
wait $feeder

# Values
for speed in 0 -1 x 1e3 '' 1000001 0x10 inf; do
    like "$(feeder -q -d "$db" load --speed "$speed" "$cup" 2>&1; echo $?)" "^feeder: --speed: expected a number above 0, of at most 1000000, found $speed.64\$" \
        "--speed ${speed@Q} is refused"
done
fresh; feeder -q -d "$db" load --speed 1000000 --from 2022-12-18 "$cup"
is $? 0 'a million is a speed'
like "$(feeder -d "$db" load --speed 2 --every 1s "$cup" 2>&1; echo $?)" '--every and --speed: use only one of them.64$' '--speed with --every is refused'

# Update by update
fresh
start env --default-signal=TERM feeder -d "$db" load --speed 1 "$scratch/three" 2>"$scratch/said"
feeder=$!
first() { [ "$(query 'SELECT count(*) FROM matches')" = 1 ]; }
eventually first
ok $? 'each update is live when its time has come'
kill -TERM $feeder
wait $feeder
is "$? $(order)" '0 a@0:00' 'a signal ends the wait for the next update'
done_testing
