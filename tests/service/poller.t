#!/bin/bash
# One process polls for all, and may be killed, terminated or stopped: each client has every row once, in
# order.  The service replaces it, or another service does or, under an inetd, the first
# connection.
# tags: once slow

. tests/lib/lib.sh
. tests/lib/followers.sh
need python3 socat sqlite3

crowd=2000
ulimit -n "$(ulimit -Hn)"
[ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -gt $((crowd + 100)) ] || crowd=$(($(ulimit -n) - 100))

# inetd - the service as socat spawns it: sets $port
inetd() {
    : >"$scratch/socat.log"
    start socat -d -d -lf "$scratch/socat.log" TCP-LISTEN:0,bind=127.0.0.1,fork,backlog=100 \
        "EXEC:livescore -d $db,nofork" 2>>"$scratch/service.log"
    inetd=$!
    eventually grep -q 'listening on' "$scratch/socat.log"
    port=$(sed -n 's/.*listening on .*:\([0-9]*\).*/\1/p' "$scratch/socat.log" | head -1)
    url=http://127.0.0.1:$port
}

# pollers - as from a service manager: one after the other, until $scratch/pollers is removed
pollers() {
    local child
    trap 'kill "$child"; wait "$child"; exit' TERM
    while :; do
        livescore -d "$db" --poller 2>>"$scratch/service.log.poller" &
        child=$!
        { wait "$child"; } 2>/dev/null # bash reports its death
    done
}

# The ways to have a poller, each with its own database
by_service() {
    mode="the service, $1 clients"
    make_db
    sql "$insert"
    serve || exit
    deaths "$1"
    ends "$service"
    no_crash "$mode: no service has crashed when its poller was killed"
}
by_manager() {
    mode='--no-poller and a separate poller'
    make_db
    sql "$insert"
    start pollers
    pollers=$!
    eventually has_poller
    serve --no-poller || exit
    deaths 20
    eventually has_children "$service" 0; ok $? 'a service with --no-poller forks no poller'
    ends "$service"
    kill "$pollers"
    wait "$pollers"
    no_crash "$mode: no service has crashed when its poller was killed"
}
by_inetd() {
    mode="inetd, $1 clients"
    make_db
    sql "$insert"
    inetd
    deaths "$1"
    ends "$inetd"
    eventually no_poller; ok $? "$mode: when the last client has gone, so has the poller"
    no_crash "$mode: no service has crashed when its poller was killed"
}
storm() {
    make_db
    sql "$insert"
    serve || exit
    stream calm "$url/livescore?after=latest"
    eventually slowed_down; ok $? 'the log says that pollers which die again and again are slowed down'
    sql "$insert"
    eventually shows calm "^id: $(head_id)\$"; ok $? 'a row comes to a client when the storm is over'
    ends "$service"
    no_crash 'a storm of deaths crashes nothing'
}
# Each poller dies as soon as it polls: no program is started for a look, which takes too long on a busy machine.  (Files of
# other devices may have the ring's inode.)
slowed_down() {
    local inode locks kind pid file start words
    inode=$(stat -c %i "$db-ring")
    for _ in {1..100}; do
        locks=$(</proc/locks)
        while read -r _ kind _ _ pid file start _; do
            [ "$kind $start ${file##*:}" = "POSIX 0 $inode" ] && mapfile -d '' -t words <"/proc/$pid/cmdline" &&
                [[ " ${words[*]} " == *" $db "* ]] && kill -KILL "$pid"
        done <<<"$locks" 2>/dev/null
    done
    grep -q 'at most one per second' "$scratch/service.log"
}
beside service by_service 20
beside inetd by_inetd 20
beside manager by_manager
beside storm storm
joined

make_db
for _ in 1 2 3 4 5; do sql "$insert"; done
serve --max-connections 5000 --max-per-client 5000 || exit
is "$(python3 tests/lib/followers.py "$port" burst "$crowd" 5)" "$crowd" "$crowd connections opened at once all get the snapshot"
no_crash
kill -SYS "$(poller)"
eventually grep -q 'the poller made a system call that its sandbox forbids: signal 31' "$scratch/service.log"
ok $? 'the log says that a poller was ended by its sandbox'
ends "$service"

done_testing
