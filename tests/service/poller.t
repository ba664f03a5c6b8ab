#!/bin/bash
# One process polls for all, and may be killed or stopped: each client has every row once, in
# order.  In the standalone service, which has a process for that, and under an inetd, where a
# connection is elected.

. tests/lib/lib.sh
. tests/lib/followers.sh
need python3 socat sqlite3

case $bin in *sanitize*) crowd=100 ;; *) crowd=2000 ;; esac
ulimit -n "$(ulimit -Hn)"
[ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -gt $((crowd + 100)) ] || crowd=$(($(ulimit -n) - 100))

# inetd - the service as socat spawns it: sets $port
inetd() {
    : >"$scratch/socat.log"
    start socat -d -d -lf "$scratch/socat.log" TCP-LISTEN:0,bind=127.0.0.1,fork,backlog=100 \
        "EXEC:livescore -d $db,nofork" 2>>"$scratch/service.log"
    eventually grep -q 'listening on' "$scratch/socat.log"
    port=$(sed -n 's/.*listening on .*:\([0-9]*\).*/\1/p' "$scratch/socat.log" | head -1)
    url=http://127.0.0.1:$port
}

# deaths N - kills whoever polls, again and again; then it is stopped, and goes on
deaths() {
    local i victim began since
    follow "$1"
    flow
    eventually have most 1; ok $? "$1 clients follow"
    for i in 1 2 3 4 5 6 7 8; do
        eventually has_poller || break
        victim=$(poller)
        if [ $((i % 3)) -eq 0 ]; then kill -TERM "$victim"; else kill -KILL "$victim"; fi
        eventually other_poller "$victim" || break
        sleep 0.$((RANDOM % 5 + 1))
    done
    is "$i" 8 'a poller that is killed, or told to end, is followed by another, eight times'
    eventually have all "$(head_id)"; ok $? 'rows go on to all when the poller died eight times'
    victim=$(poller)
    kill -STOP "$victim"
    began=$(head_id)
    since=${EPOCHREALTIME/./}
    eventually have most $((began + 10)); ok $? 'rows go on to all but one when the poller is stopped'
    diag "after $(((${EPOCHREALTIME/./} - since) / 1000)) ms"
    end_flow
    eventually have most "$(head_id)"; ok $? 'all but one come to the last row when the poller is stopped'
    kill -CONT "$victim"
    all_come 'all come to the last row when the poller goes on'
    unfollow 'each client has each row once, in order, whatever becomes of the poller'
}

make_db
sql "$insert"
for n in 2 20; do
    diag "standalone, $n clients"
    serve || exit
    deaths "$n"
    ends "$service"
done
for n in 2 20; do
    diag "inetd, $n clients"
    inetd
    deaths "$n"
    ends "${started[-2]}"
done
unlike "$(cat "$scratch/service.log"*)" 'Sanitizer|runtime error' 'no service has crashed when its poller was killed'

diag 'a crowd'
serve --max-connections 5000 --max-per-client 5000 || exit
is "$(python3 tests/lib/followers.py "$port" burst "$crowd" 5)" "$crowd" "$crowd connections opened at once all get the snapshot"
no_crash
ends "$service"

done_testing
