#!/bin/bash
# An origin, two edges that replicate it, and HAProxy in front of both, with systemd/examples/haproxy-edges.cfg:
# clients hop between the edges at random while rows flow, edges fall behind, and the origin is away.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl python3 sqlite3 jq
unpack haproxy

origin=$db
feeder -q -d "$origin" init
serve --heartbeat 1s --max-per-client 1000 || exit
from=$url from_port=$port of_origin=$service

# follow N - edge N replicates, like the unit, until $scratch/go is removed
: >"$scratch/go"
follow() {
    while [ -e "$scratch/go" ]; do
        curl -sSN "$from/livescore?batch=1000&heartbeat=event&after=$(feeder -d "$scratch/edge$1.db" cursor --at)" |
            feeder -q -d "$scratch/edge$1.db" replicate -
        sleep 0.1
    done 2>>"$scratch/follow$1"
}
for n in 1 2; do
    feeder -q -d "$scratch/edge$n.db" init
    db=$scratch/edge$n.db serve --heartbeat 1s --max-per-client 1000 --proxy-protocol || exit
    edge_port[n]=$port
    follow $n & started+=($!)
done
# replica N - the process that writes edge N
replica() {
    local file
    for file in $(grep -lsx feeder /proc/[0-9]*/comm); do
        file=${file%comm}cmdline
        ! tr '\0' ' ' 2>/dev/null <"$file" | grep -qF -- "$scratch/edge$1.db replicate" || { file=${file#/proc/}; echo "${file%/cmdline}"; }
    done
}
front=$(free_port)
sed -E -e "s|bind :80|bind 127.0.0.1:$front|; s|balance .*|balance random|; s|inter 2s|inter 200ms|" \
    -e "s|192.0.2.([12]):8000|127.0.0.1:PORT\1|; s|PORT1|${edge_port[1]}|; s|PORT2|${edge_port[2]}|" -e 's|max-lag=30|max-lag=4|' \
    systemd/examples/haproxy-edges.cfg >"$scratch/haproxy.cfg"
haproxy -c -f "$scratch/haproxy.cfg" >"$scratch/checked" 2>&1; ok $? 'HAProxy finds nothing wrong with haproxy-edges.cfg' || diag "$(cat "$scratch/checked")"
start haproxy -db -f "$scratch/haproxy.cfg" >"$scratch/haproxy.log" 2>&1
is_served() { curl -sf -o "$scratch/body" "http://127.0.0.1:$front/healthz"; }
eventually is_served

: >"$scratch/final"
start python3 tests/lib/resume.py "$front" 20 "$scratch/final" >"$scratch/trouble" 2>"$scratch/connections"
clients=$!
rows() { # COUNT - some 50 a second
    for ((i = 0; i < $1; i++)); do
        echo "INSERT INTO match_events(match_id, type, data) VALUES ('s$((i % 5))', 'goal', json_object('n', $i));"
        read -rt 0.02 <>"$scratch/pause"
    done | sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$origin"
}
mkfifo "$scratch/pause"
rows 500 &
writer=$!
for n in 1 2 1 2; do # an edge falls behind the other, then overtakes it
    for pid in $(replica $n); do kill -STOP "$pid"; done
    sleep 0.7
    for pid in $(replica $n); do kill -CONT "$pid"; done
done
for pid in $(replica 1); do kill -KILL "$pid"; done

# The origin is away; rows continue.
kill -TERM "$of_origin"
wait "$of_origin"
lag_of() { feeder -d "$scratch/edge$1.db" status --json | jq .replica_lag_ms; }
is_late() { [ "$(lag_of 1)" -gt 3000 ] && [ "$(lag_of 2)" -gt 3000 ]; }
eventually is_late; ok $? 'edges report their lag while the origin is away'
wait $writer
behind() { feeder -d "$scratch/edge$1.db" status | grep -cE '^replica +[0-9.]+ s behind'; }
is "$(behind 1) $(behind 2)" '1 1' 'status of an edge shows its lag'
late() { [ "$(curl -s -o "$scratch/body" -w '%{http_code}' --haproxy-protocol "http://127.0.0.1:${edge_port[1]}/healthz?max-lag=4")" = 503 ]; }
eventually late; ok $? 'a late edge is not healthy'
eventually is_served; ok $? 'if all edges are late, they serve what they have'
serve_port=$from_port serve --heartbeat 1s --max-per-client 1000 || exit
rows 200
is_up_to() { [ "$(feeder -d "$scratch/edge$1.db" cursor)" = "$(feeder -d "$origin" cursor)" ]; }
eventually is_up_to 1 && eventually is_up_to 2; ok $? 'edges catch up when the origin is back'
fresh() { [ "$(curl -s -o "$scratch/body" -w '%{http_code}' --haproxy-protocol "http://127.0.0.1:${edge_port[1]}/healthz?max-lag=4")" = 200 ]; }
eventually fresh; ok $? 'an edge that has caught up is healthy'
sqlite3 "$origin" 'SELECT json_array(id, type, data) FROM match_events ORDER BY id' >"$scratch/final.rows"
feeder -d "$origin" cursor >"$scratch/final"
wait "$clients"
is "$(cat "$scratch/trouble")" '' 'each of 20 clients that hop between edges has every row once, in order'
diag "$(cat "$scratch/connections"), $(cat "$scratch/final") rows"
is "$(grep -lE 'path=/livescore .* events=[1-9]' "$scratch"/service.log* | wc -l)" 3 'both edges have served rows, and the origin'
is "$(sqlite3 "$scratch/edge1.db" 'SELECT * FROM match_events' | md5sum) $(sqlite3 "$scratch/edge2.db" 'SELECT * FROM match_events' | md5sum)" \
    "$(sqlite3 "$origin" 'SELECT * FROM match_events' | md5sum) $(sqlite3 "$origin" 'SELECT * FROM match_events' | md5sum)" 'both edges have the rows of the origin, byte by byte'
rm "$scratch/go"
no_crash
done_testing
