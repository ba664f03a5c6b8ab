#!/bin/bash
# On a kernel without seccomp, Landlock, or both, the service works, and says so once, however long it runs
# and however many pollers it has.
# tags: once

. tests/lib/lib.sh
. tests/lib/followers.sh
need curl python3 sqlite3

old() { python3 tests/lib/old-kernel.py "$lacking" "$bin/livescore" "$@"; }
livescore() { exec python3 tests/lib/old-kernel.py "$lacking" "$bin/livescore" "$@"; }

make_db
message m1 1 0
for lacking in landlock seccomp both; do
    serve || exit
    stream "live.$lacking" "$url/livescore"
    eventually shows "live.$lacking" '^id: '
    eventually has_poller
    victim=$(poller)
    kill -KILL "$victim"
    eventually other_poller "$victim"
    message m1 "$RANDOM" 0
    eventually shows "live.$lacking" '^id: ' 2; ok $? "$lacking missing: a viewer follows"
    is "$(grep -c 'sandbox: this' "$scratch/service.log")" 1 "$lacking missing: the log says so once"
    like "$(printf 'GET /healthz HTTP/1.0\r\n\r\n' | old -d "$db" 2>/dev/null)" '^HTTP/1.1 200 ' "$lacking missing: a connection that another program accepted is served"
    kill "$client"
    stop_service
done
no_crash
done_testing
