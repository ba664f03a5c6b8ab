#!/bin/bash
# Caches with the files of systemd/examples: a crowd costs the service a process or two; and whatever dies,
# and whenever streams end, each client gets each row once, in order.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl python3
. tests/lib/followers.sh
. tests/lib/caches.sh
for_others
unpack varnish nginx squid haproxy
declare -A cache port_of clients_of hold_of
edge=()

# shared [SIGNAL] - the service with shared streams, or a replacement
shared() {
    [ -z "${1:-}" ] || stop_service "$1"
    serve_port=${backend:-0} serve --shared-streams 4s --retry 200ms --max-per-client 1000 || exit
    backend=$port
}

# begin CACHE [PORT] - it, or another in its place
begin() {
    [ -z "${2:-}" ] || ends "${cache[$1]}"
    "$1_cache" "${2:-$(free_port)}"
    cache[$1]=$! port_of[$1]=$port
}

# edges - two replicas of the service, and HAProxy in front of both: $backend
edges() {
    local n origin_port=$backend
    : >"$scratch/edges"
    backend=$(free_port)
    sed -E "s|bind :80|bind 127.0.0.1:$backend|; s|inter 2s|inter 200ms|" systemd/examples/haproxy-edges.cfg >"$scratch/edges.cfg"
    for n in 1 2; do
        feeder -q -d "$scratch/edge$n.db" init
        while [ -e "$scratch/edges" ]; do
            curl -sN "http://127.0.0.1:$origin_port/livescore?batch=1000&after=$(feeder -d "$scratch/edge$n.db" cursor --at)" | feeder -q -d "$scratch/edge$n.db" replicate -
            sleep 0.1
        done 2>>"$scratch/replicate.log" &
        started+=($!)
        serve_port=0 db=$scratch/edge$n.db serve --shared-streams 4s --retry 200ms --max-per-client 1000 --proxy-protocol
        edge[n]=$service
        sed -i "s|192.0.2.$n:8000|127.0.0.1:$port|" "$scratch/edges.cfg"
    done
    start haproxy -db -f "$scratch/edges.cfg" >"$scratch/edges.log" 2>&1
}

# crowd NAME KIND CACHE [COUNT] - clients of that kind in followers.py, until part NAME
crowd() {
    mkdir "$scratch/$1"
    mkfifo "$scratch/$1/hold"
    python3 tests/lib/followers.py "${port_of[$3]}" "$2" "${4:-40}" "$scratch/$1" <"$scratch/$1/hold" >"$scratch/$1/returns" &
    clients_of[$1]=$!
    tail -f /dev/null >"$scratch/$1/hold" &
    hold_of[$1]=$!
    started+=("${clients_of[$1]}" "${hold_of[$1]}")
    eventually have "$1/all" 1; ok $? "$1: ${4:-40} clients follow"
}
part() {
    eventually have "$1/all" "$(head_id)"; ok $? "$1: all clients still get rows" || diag "all have $(cat "$scratch/$1/all") of $(head_id)"
    kill "${hold_of[$1]}"
    wait "${clients_of[$1]}"
    is "$(head -5 "$scratch/$1/trouble")" '' "$1: each client has each row once, in order, whatever happens to service and caches"
    diag "$(cat "$scratch/$1/returns") returns, $(head_id) rows"
}

make_db
shared
for name in varnish nginx squid; do begin $name; done
haproxy_before squid

flow 0.018
crowd 'streams of Varnish' follow varnish
# Streams that began at other cursors end with the others, and continue as one.
eventually has_children "$service" 2; ok $? 'Varnish: 40 streams are one process, beside the poller'
crowd 'streams of Squid' follow haproxy
eventually has_children "$service" 3; ok $? 'Squid: 40 streams are one process'
crowd 'pages of nginx' pages nginx
port=${port_of[nginx]}
stream one "http://127.0.0.1:$port/livescore"
stream two "http://127.0.0.1:$port/livescore"
eventually shows one '^: livescore' && eventually shows two '^: livescore'; ok $? 'nginx: a stream does not wait for the end of another'
kill "${started[@]: -2}"
crowd 'pages of Varnish' pages varnish 20
for signal in KILL TERM KILL TERM; do
    shared $signal
    flows 30
done
kill -KILL "$(child_pids "${cache[varnish]}")" "$(child_pids "${cache[nginx]}" | head -1)" # each starts another
flows 30
for name in varnish nginx squid; do
    port=${port_of[$name]}
    answers # Varnish ignores SIGTERM while it starts
    begin $name "$port"
done
flows 30
few_children() { [ "$(children "$service")" -le 5 ]; }
eventually few_children; ok $? 'when service and caches were killed and restarted, 140 clients are four processes at most, beside the poller'

# The same crowds, when there are edges in the origin's place.
edges
begin varnish "${port_of[varnish]}"
begin nginx "${port_of[nginx]}"
flows 30
service=${edge[1]} stop_service KILL
flows 30
end_flow
# No client can replace a page by another one.
for name in varnish nginx squid; do
    for field in 'Last-Event-ID: 9' 'Accept: application/json'; do
        page=$(curl -s -H "$field" "http://127.0.0.1:${port_of[$name]}/livescore?after=4&format=json&type=message" | grep -o '"id":[0-9]*' | head -1)
    done
    is "$page" '"id":5' "$name: a page is that of its URL, whatever cursor another client sent with it"
    for start in last=1 since=1h; do
        stream "$name-$start" "http://127.0.0.1:${port_of[$name]}/livescore?$start" -H "Last-Event-ID: $(($(head_id) - 2))"
        eventually shows "$name-$start" '^id'
        is "$(grep -m 1 '^id' "$scratch/$name-$start")" "id: $(($(head_id) - 1))" "$name: a client that returns goes on from its cursor, whatever its URL begins with: $start"
    done
done
part 'streams of Varnish'
part 'streams of Squid'
part 'pages of nginx'
part 'pages of Varnish'
rm "$scratch/edges"
no_crash
done_testing
