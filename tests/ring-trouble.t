#!/bin/bash
# The files beside the database that let one process read for all, missing, taken or
# damaged: rows come later at worst, and still each once, in order.

. tests/lib.sh
need curl

row() { sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '$1')"; }
both_show() { shows one "$1" && shows two "$1"; }

# follows NAME COMMAND... - two streams over which COMMAND is run, rows before it and after it
follows() {
    local name=$1 first last
    shift
    row 0
    first=$(sql 'SELECT max(id) FROM match_events')
    stream one "$url/livescore?after=$first"
    stream two "$url/livescore?after=$first"
    for i in 1 2 3; do row $i; done
    within 10 both_show "^id: $((first + 3))"
    "$@"
    for i in 4 5 6; do row $i; done
    within 10 both_show "^id: $((first + 6))"
    sleep 0.3
    row 7
    last=$((first + 7))
    within 10 both_show "^id: $last"
    ok $? "$name: rows come"
    is "$(grep '^data' "$scratch/one" | cut -c 7- | tr '\n' ' ')" '1 2 3 4 5 6 7 ' "$name: each once, in order"
    is "$(grep '^data' "$scratch/two" | cut -c 7- | tr '\n' ' ')" '1 2 3 4 5 6 7 ' "$name: for the other client too"
    kill "${started[@]: -2}"
    within 5 has_children "$service" "$idle"
    ok $? "$name: clients that hang up end their processes"
}

make_db
folders() { mkdir "$db-ring" "$db-bell"; }
folders
serve || exit
curl -s -o "$scratch/ignored" "$url/healthz"
idle=$(children "$service")
follows 'folders in their places' true
kill "$service"
wait "$service"
rmdir "$db-ring" "$db-bell"

garbage() { head -c 100000 /dev/urandom | dd of="$db-ring" bs=1000 conv=notrunc status=none; }
head -c 3000000 /dev/urandom >"$db-ring"
head -c 1000 /dev/urandom >"$db-bell"
serve || exit
curl -s -o "$scratch/ignored" "$url/healthz"
idle=$(children "$service")
follows 'files of noise in their places' true
follows 'noise written over the ring' garbage
follows 'a ring that is cut short' truncate -s 0 "$db-ring"
follows 'a ring that is cut in the middle of a page' truncate -s 5000 "$db-ring"
follows 'a ring that is removed' rm -f "$db-ring"
follows 'a bell that is removed' rm -f "$db-bell"
follows 'both removed' rm -f "$db-ring" "$db-bell"
follows 'after all that' true
no_crash
done_testing
