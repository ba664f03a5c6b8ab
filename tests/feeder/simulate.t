#!/bin/bash
# feeder simulate: random matches, the same for the same seed.
# tags: sanitized
. tests/lib/lib.sh
need python3 sqlite3

simulate() { feeder -d "$db" simulate "$@" 2>&1; }
rows() { sqlite3 "$1" 'SELECT id, match_id, type, json_remove(data, "$.starts_at") FROM match_events ORDER BY id' | cksum; }
count() { sql 'SELECT count(*) FROM match_events'; }
within_range() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; }

feeder -q -d "$scratch/again.db" simulate --matches 20 --seed 7 --speed 1000000
like "$(simulate --matches 20 --seed 7 --rate 1000000)" "live\.db: created.*seed 7: 20 matches, [0-9]+ updates, [0-9]+ rows, in [0-9.]+ s$" \
    'twenty matches are played to their ends'
is "$(rows "$db")" "$(rows "$scratch/again.db")" 'a seed gives the same rows at any pace'
feeder -q -d "$scratch/other.db" simulate --matches 20 --seed 8 --rate 1000000
[ "$(rows "$scratch/other.db")" != "$(rows "$db")" ]
ok $? 'another seed gives other rows'

is "$(sql "SELECT count(*), sum(status IN ('Full Time', 'After Extra Time', 'After Penalties')) FROM matches")" '20|20' 'each simulated match ends'
is "$(sql "SELECT count(*) FROM matches AS m
           WHERE home_score <> (SELECT count(*) FROM match_events WHERE match_id = m.match_id
                                AND type IN ('goal', 'own-goal', 'penalty') AND data ->> '\$.team' = 'home')
              OR away_score <> (SELECT count(*) FROM match_events WHERE match_id = m.match_id
                                AND type IN ('goal', 'own-goal', 'penalty') AND data ->> '\$.team' = 'away')")" 0 \
    'each final score is that of its goals'
is "$(sql "SELECT DISTINCT group_concat(type, ' ') FROM (SELECT match_id, type FROM match_events
           WHERE type IN ('kickoff', 'halftime', 'secondhalf') ORDER BY id) GROUP BY match_id")" 'kickoff halftime secondhalf' \
    'each simulated match has its halves in order'
is "$(sql "SELECT count(*) FROM match_events WHERE type = 'second-yellow' AND NOT EXISTS (SELECT 1 FROM match_events AS first
           WHERE first.match_id = match_events.match_id AND first.id < match_events.id AND first.type = 'yellow-card'
                 AND first.data ->> '\$.player' = match_events.data ->> '\$.player')")" 0 'no player gets a second yellow card before a first'
like "$(sql "SELECT group_concat(home_team || away_team) FROM matches")" '[^ -~]' 'teams have names beyond ASCII'

is "$(sql "SELECT group_concat(DISTINCT competition), count(DISTINCT round) > 1, sum(julianday('now') - julianday(starts_at) BETWEEN -1 AND 1)
           FROM (SELECT * FROM matches ORDER BY competition)")" 'Island League,Northern League,Southern League,Union Cup|1|20' \
    'simulated matches have competitions, rounds, and kick-offs of this day'
is "$(sql "SELECT count(*), count(DISTINCT team) FROM (SELECT home_team AS team FROM matches WHERE competition LIKE '%League'
           UNION ALL SELECT away_team FROM matches WHERE competition LIKE '%League')")" '30|30' 'no team plays twice in a round'

# Pace
rm -f "$db"*
timeout "$PATIENCE" feeder -q -d "$db" simulate --speed 1200 --for 1500ms --seed 1
is $? 0 '--for ends a simulation of several minutes'
minutes=$(sql "SELECT max(CAST(clock AS INTEGER)) FROM matches")
within_range "$minutes" 1 30
ok $? '1.5 s at a speed of 1200 are at most half an hour' || diag "$minutes minutes"
before=$(count)
simulate --rate 1000 --for 2s --seed 1 >/dev/null
within_range $(($(count) - before)) 1 2010
ok $? '--rate 1000 --for 2s is a load of at most 2,000 rows' || diag "$before, $(count) rows"

# The end
some_rows() { [ "$(count)" -gt 0 ]; }
for pace in '--speed 1' '--rate 50 --loop'; do
    rm -f "$db"*
    feeder -q -d "$db" init
    # shellcheck disable=SC2086 # words
    start env --default-signal=INT feeder -d "$db" simulate $pace 2>"$scratch/said"
    pid=$!
    eventually some_rows
    kill -INT $pid
    eventually ended $pid
    wait $pid
    is "$?" 0 "Ctrl-C ends simulate $pace, with exit code 0"
    like "$(cat "$scratch/said")" 'seed [0-9]+: 6 matches, [0-9]+ updates, [0-9]+ rows' "simulate $pace says at Ctrl-C how far it came, and its seed"
done
rm -f "$db"*
feeder -q -d "$db" init
start feeder -q -d "$db" simulate --matches 1 --seed 3 --loop --rate 5000 --for 1h
three_matches() { [ "$(sql 'SELECT count(*) FROM matches')" -gt 2 ]; }
eventually three_matches; ok $? 'a match that ends is replaced by another'
kill $!
eventually ended $!

# A simulation that can't keep its rate is late from the start, and catches up at most 100,000 rows at a time.
rm -f "$db"*
feeder -q -d "$db" init
cat >"$scratch/turns.py" <<'PYTHON'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
seen, first, rows = set(), None, 0
while rows < 100000 and len(seen) < 8:
    time.sleep(0.002)
    seen.add(db.execute("PRAGMA data_version").fetchone()[0])
    last = db.execute("SELECT ifnull(max(id), 0) FROM match_events").fetchone()[0]
    first = last if first is None else first
    rows = last - first
print(len(seen))
PYTHON
start feeder -q -d "$db" simulate --matches 50 --seed 3 --loop --rate 1000000
is "$(python3 "$scratch/turns.py" "$db")" 8 'a load that is late makes up for that in short transactions'
kill $!
eventually ended $!

# The command line
wrong() { is "$(feeder -d "$db" simulate "${@:2}" 2>&1; echo $?)" "feeder: $1
64" "simulate refuses ${*:2}"; }
before=$(count)
is "$(simulate --matches 500 --rate 1000000 --for 0 --seed 9223372036854775807 | sed 's/, in .*//') $(count)" \
    "feeder: seed 9223372036854775807: 500 matches, 0 updates, 0 rows $before" '500 matches, the largest seed and a time of 0 are accepted'
wrong '--matches: expected a number from 1 to 500, found 501' --matches 501
wrong '--matches: expected a number from 1 to 500, found 0' --matches 0
wrong '--seed: expected a number from 0 to 9223372036854775807, found 9223372036854775808' --seed 9223372036854775808
wrong '--rate: expected a number from 1 to 1000000, found 1000001' --rate 1000001
wrong '--rate: expected a number from 1 to 1000000, found 0' --rate 0
wrong '--speed: expected a number above 0, of at most 1000000, found 0' --speed 0
wrong '--speed: expected a number above 0, of at most 1000000, found 1000001' --speed 1000001
wrong '--speed: expected a number above 0, of at most 1000000, found 2x' --speed 2x
wrong '--for: expected a duration such as 500ms, 2s or 1m, found soon' --for soon
wrong '--rate and --speed: use only one of them' --rate 5 --speed 5
wrong "--every: simulate has no such option: 'feeder help simulate'" --every 5
done_testing
