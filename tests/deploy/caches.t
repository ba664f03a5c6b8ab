#!/bin/bash
# Caches with the files of systemd/examples: a crowd costs the service a process or two; and whatever dies,
# and whenever streams end, each client gets each row once, in order.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl python3
. tests/lib/followers.sh
. tests/lib/caches.sh
unpack varnish nginx
declare -A cache port_of clients_of hold_of

# shared [SIGNAL] - the service with shared streams, or a replacement
shared() {
    [ -z "${1:-}" ] || stop_service "$1"
    serve_port=${backend:-0} serve --shared-streams 3s --retry 200ms || exit
    backend=$port
}

# crowd NAME KIND CACHE - clients of that kind in followers.py, until part NAME
crowd() {
    mkdir "$scratch/$1"
    mkfifo "$scratch/$1/hold"
    python3 tests/lib/followers.py "${port_of[$3]}" "$2" 200 "$scratch/$1" <"$scratch/$1/hold" >"$scratch/$1/returns" &
    clients_of[$1]=$!
    tail -f /dev/null >"$scratch/$1/hold" &
    hold_of[$1]=$!
    started+=("${clients_of[$1]}" "${hold_of[$1]}")
    eventually have "$1/all" 1; ok $? "$1: 200 clients follow"
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
varnish
cache[varnish]=$! port_of[varnish]=$port
nginx_cache
cache[nginx]=$! port_of[nginx]=$port

flow 0.018
crowd 'streams of Varnish' follow varnish
# Streams that began at other cursors end with the others, and continue as one.
eventually has_children "$service" 2; ok $? 'Varnish: 200 streams are one process, beside the poller'
crowd 'pages of nginx' pages nginx
crowd 'pages of Varnish' pages varnish
for signal in KILL TERM KILL TERM; do
    shared $signal
    flows 30
done
kill -KILL "$(child_pids "${cache[varnish]}")" "$(child_pids "${cache[nginx]}" | head -1)" # each of them starts another
flows 30
for name in varnish nginx; do ends "${cache[$name]}"; done
varnish "${port_of[varnish]}"
nginx_cache "${port_of[nginx]}"
flows 30
few_children() { [ "$(children "$service")" -le 4 ]; }
eventually few_children; ok $? 'when service and caches were killed and restarted, 600 clients are three processes at most, beside the poller'
end_flow
# No client can replace a page by another one.
for name in varnish nginx; do
    for field in 'Last-Event-ID: 9' 'Accept: application/json'; do
        page=$(curl -s -H "$field" "http://127.0.0.1:${port_of[$name]}/livescore?after=4&format=json&type=message" | grep -o '"id":[0-9]*' | head -1)
    done
    is "$page" '"id":5' "$name: a page is that of its URL, whatever cursor another client sent with it"
done
part 'streams of Varnish'
part 'pages of nginx'
part 'pages of Varnish'
no_crash
done_testing
