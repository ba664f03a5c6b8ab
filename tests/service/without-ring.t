#!/bin/bash
# Without ring and bell, each process reads the database itself, as long as it lives: rows still
# come, each once, in order, and clients that hang up are noticed.

. tests/lib/lib.sh
need curl

row() { sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '$1')"; }
both_show() { shows one "$1" && shows two "$1"; }

# only_poller - waits until the service serves, and the processes of earlier requests are gone
only_poller() {
    curl -s -o "$scratch/ignored" "$url/healthz"
    eventually has_children "$service" 1
}

# follows NAME - two streams, rows one by one and together, and the clients' end
follows() {
    local name=$1 first last
    row 0
    first=$(sql 'SELECT max(id) FROM match_events')
    stream one "$url/livescore?after=$first"
    stream two "$url/livescore?after=$first"
    for i in 1 2 3; do row $i; done
    eventually both_show "^id: $((first + 3))"
    for i in 4 5 6; do row $i; done
    eventually both_show "^id: $((first + 6))"
    sleep 0.3
    row 7
    last=$((first + 7))
    eventually both_show "^id: $last"
    ok $? "$name: rows come"
    is "$(grep '^data' "$scratch/one" | cut -c 7- | tr '\n' ' ')" '1 2 3 4 5 6 7 ' "$name: a client has each row once, in order"
    is "$(grep '^data' "$scratch/two" | cut -c 7- | tr '\n' ' ')" '1 2 3 4 5 6 7 ' "$name: another client has each row once, in order"
    kill "${started[@]: -2}"
    eventually has_children "$service" 1
    ok $? "$name: clients that hang up end their processes"
}

make_db
mkdir "$db-ring" "$db-bell"
serve || exit
only_poller
follows 'folders in their places'
kill "$service"
wait "$service"
rmdir "$db-ring" "$db-bell"

head -c 3000000 /dev/urandom >"$db-ring"
head -c 1000 /dev/urandom >"$db-bell"
serve || exit
only_poller
follows 'files of noise in their places'
no_crash
done_testing
