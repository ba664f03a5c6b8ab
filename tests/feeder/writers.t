#!/bin/bash
# Forty writers (feeder, sqlite3 and other programs) write to one database at once, while a client follows.
# tags: once
. tests/lib/lib.sh
. tests/lib/whole.sh
need sqlite3 python3 jq

times=10
feeder -q -d "$db" init
feeder -q -d "$db" add derby kickoff '{"home_team":"A","away_team":"B"}'
serve || exit
stream all "$url/livescore?after=0"
export db times

# Each prints its failures
adds() { for ((i = 0; i < times; i++)); do feeder -q -d "$db" add derby goal '{"team":"home"}'; done; }
adds_and_voids() {
    for ((i = 0; i < times; i++)); do
        id=$(feeder -d "$db" add derby goal '{"team":"away"}') && feeder -q -d "$db" void "$id"
    done
}
loads() {
    seq $((times * 10)) | jq -c '{match_id: "load\(. % 7)", home_team: "A", away_team: "B", score: {home: ., away: 0},
        time: "1:00", status: "Live", events: [{type: "goal", team: "home"}, {type: "var"}]}' >"$scratch/updates"
    feeder -q -d "$db" load "$scratch/updates"
    feeder -q -d "$db" load --every 0 "$scratch/updates"
}
simulates() { feeder -q -d "$db" simulate --matches 5 --rate $((times * 60)) --for 1s; }
types_sql() {
    for ((i = 0; i < times; i++)); do
        echo "INSERT INTO match_events(match_id, data) VALUES ('sql', json_object('match_id', 'sql', 'home_team', 'A',
              'away_team', 'B', 'score', json_object('home', $i, 'away', 0), 'time', '1', 'status', 'Live', 'events', json('[]')));"
    done | sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db"
}
programs() {
    python3 - <<'PYTHON'
import json, os, sqlite3
connection = sqlite3.connect(os.environ["db"], timeout=float(os.environ["PATIENCE"]), isolation_level=None)
for n in range(int(os.environ["times"])):
    connection.execute("BEGIN IMMEDIATE")
    state = json.loads(connection.execute("SELECT message FROM matches WHERE match_id = 'derby'").fetchone()[0])
    state["score"]["home"] += 1
    state["events"] = [{"type": "goal", "team": "home", "by": "python"}]
    connection.execute("INSERT INTO match_events(match_id, type, data) VALUES ('derby', 'goal', ?)", [json.dumps(state["events"][0])])
    connection.execute("INSERT INTO match_events(match_id, data) VALUES ('derby', ?)", [json.dumps(state)])
    connection.execute("COMMIT")
PYTHON
}
writers=()
# many COUNT WRITER
many() {
    for ((i = 0; i < $1; i++)); do
        $2 >>"$scratch/said" 2>&1 &
        writers+=($!)
    done
}
many 12 adds; many 4 adds_and_voids; many 2 loads; many 2 simulates; many 10 types_sql; many 10 programs
for pid in "${writers[@]}"; do wait "$pid" || echo "writer $pid: exit code $?" >>"$scratch/said"; done
is "$(cat "$scratch/said")" '' 'none of forty concurrent writers is refused'
is "$(sql "SELECT home_score, away_score FROM matches WHERE match_id = 'derby'")" "$((times * 22))|0" \
    "$((times * 26)) goals side by side, of which $((times * 4)) were taken back, are all in the score"
is "$(sql "SELECT count(*) FROM match_events WHERE match_id = 'derby' AND type = 'goal'")" $((times * 26)) 'all goals of all writers are in the log'
is_whole 'each update is inserted whole, and the projection follows from the log'
last=$(sql 'SELECT max(id) FROM match_events')
eventually shows all "^id: $last\$"
ok $? 'a client that followed has come to the last row'
is "$(grep -a '^id: ' "$scratch/all" | cut -c5- | cksum)" "$(seq "$last" | cksum)" 'a client that followed forty writers had each row once, in order'
no_crash
done_testing
