#!/bin/bash
# followers.sh - shared by the tests of the poller: which process polls, a flow of rows, and clients that check
# each of them (followers.py).  Sourced after lib.sh.
# shellcheck shell=bash disable=SC2154 # $db and $scratch are lib.sh's

# poller - the process with the lock on the ring's first byte; a single look at the kernel's list may miss it
# while others lock and unlock
poller() {
    local inode
    inode=$(stat -c %i "$db-ring" 2>/dev/null) || return
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        awk -v end=":$inode" '$2 == "POSIX" && $7 == 0 && substr($6, length($6) - length(end) + 1) == end { print $5; found = 1; exit }
            END { exit !found }' /proc/locks && return
    done
}
has_poller() { [ -n "$(poller)" ]; }
no_poller() { [ -z "$(poller)" ] && [ -z "$(livescores "$db")" ]; }
other_poller() { local now; now=$(poller); [ -n "$now" ] && [ "$now" != "$1" ]; }

insert="INSERT INTO match_events(match_id, data)
        SELECT 'm' || (n % 5), json_object('n', n) FROM (SELECT 1 + max((SELECT value FROM meta),
        ifnull((SELECT max(id) FROM match_events), 0)) AS n);"

# flow [PAUSE] - about 100 rows per second until $scratch/flow is removed.  (Reading from an idle FIFO is a pause without
# a process.)
# shellcheck disable=SC2120 # some tests pass a pause
flow() {
    : >"$scratch/flow"
    [ -p "$scratch/pause" ] || mkfifo "$scratch/pause"
    while [ -e "$scratch/flow" ]; do
        echo "$insert"
        read -rt "${1:-0.008}" <>"$scratch/pause"
    done | sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db" &
    writer=$!
}
# flows N - waits for that many more rows in the log
flows() { local to=$(($(head_id) + $1)); eventually reached "$to"; }
reached() { [ "$(head_id)" -ge "$1" ]; }
end_flow() { rm -f "$scratch/flow"; wait "$writer"; }

# Where -shm has just been removed, sqlite3 may fail to read.
head_id() { for _ in {1..20}; do sql 'SELECT max(id) FROM match_events' && return; sleep 0.1; done; }
have() { local now; now=$(cat "$scratch/$1" 2>/dev/null) && [ "${now:-0}" -ge "$2" ]; }

# follow N [read|follow [LAST]] - N clients of the program at $port$path (read: for other rows than flow's), which have row LAST; all_come NAME - they
# get the newest row; unfollow NAME [SED] - they leave, and what SED leaves of their troubles is nothing
follow() {
    rm -f "$scratch/go" "$scratch/all" "$scratch/most"
    mkfifo "$scratch/go"
    python3 tests/lib/followers.py "$port${path:-}" "${2:-follow}" "$1" "$scratch" "${3:-0}" <"$scratch/go" >"$scratch/returns" &
    clients=$!
    started+=("$clients")
    exec 8>"$scratch/go"
}
all_come() { eventually have all "$(head_id)"; ok $? "$1" || diag "all have $(cat "$scratch/all"), most $(cat "$scratch/most"), of $(head_id)"; }
unfollow() {
    exec 8>&-
    wait "$clients"
    is "$(sed "${2:-}" "$scratch/trouble" | head -5)" '' "$1"
    diag "$(cat "$scratch/returns") returns, $(head_id) rows"
}

# ends PID - ends a started process
ends() { kill -TERM "$1"; wait "$1" 2>/dev/null; }

# deaths N [read] - kills the poller repeatedly while N clients follow, then stops it.  $mode names its supervision
deaths() {
    local i victim began since followed=0
    follow "$1" "${2:-follow}"
    flow
    eventually have most 1; ok $? "$mode: $1 clients follow"
    for i in 1 2 3 4 5 6 7 8; do
        eventually has_poller || break
        victim=$(poller)
        if [ $((i % 3)) -eq 0 ]; then kill -TERM "$victim"; else kill -KILL "$victim"; fi
        eventually other_poller "$victim" || break
        followed=$i
        sleep 0.$((RANDOM % 5 + 1))
    done
    is "$followed" 8 "$mode: a poller that is killed, or told to end, eight times, is followed by another"
    eventually have all "$(head_id)"; ok $? "$mode: all clients get rows after the poller died eight times"
    victim=$(poller)
    kill -STOP "$victim"
    began=$(head_id)
    since=${EPOCHREALTIME/./}
    eventually have all $((began + 10)); ok $? "$mode: all clients get rows after the poller was stopped"
    diag "after $(((${EPOCHREALTIME/./} - since) / 1000)) ms"
    end_flow
    all_come "$mode: all come to the last row"
    signal CONT "$victim"
    unfollow "$mode: each client has each row once, in order, whatever happens to the poller"
}
