#!/bin/bash
# The queue in which feeder's commands wait to write: its order, how long they wait, and what happens without
# it.
# tags: slow
. tests/lib/lib.sh
need sqlite3 python3

feeder -q -d "$db" init
feeder -q -d "$db" add m1 kickoff '{"home_team":"A","away_team":"B"}'
queue=$db-queue
is "$(stat -c '%s %a' "$queue")" '0 600' 'the queue of a database that only its owner may write to is private'

# hold_lock - sqlite3 in a write transaction; fd 3 is its input
mkfifo "$scratch/hold"
exec 3<>"$scratch/hold"
start bash -c 'exec sqlite3 "$0" <"$1"' "$db" "$scratch/hold"
hold_lock() {
    rm -f "$scratch/locked"
    printf 'BEGIN IMMEDIATE;\n.shell touch %s/locked\n' "$scratch" >&3
    eventually test -e "$scratch/locked"
}
# has_lock PID FILE - whether the process has a lock on it
has_lock() { awk -v pid="$1" -v inode=":$(stat -c %i "$2")$" '$5 == pid && $6 ~ inode { found = 1 } END { exit !found }' /proc/locks; }
# add TYPE - in the background, with a place in the queue; its pid is $!
add() {
    "$bin/feeder" -q -d "$db" add m1 "$1" '{}' 2>>"$scratch/said" &
    eventually has_lock $! "$queue"
}

# all_wait - eight; on a machine so slow that the first has given up, after 5 s, before the last is there, it fails
all_wait() {
    local i pid given_up=0 adders=()
    before=$(sql 'SELECT max(id) FROM match_events')
    hold_lock
    for i in a b c d e f g h; do add "$i"; adders+=($!); done
    echo 'COMMIT;' >&3
    for pid in "${adders[@]}"; do wait "$pid" || given_up=1; done
    [ $given_up -eq 0 ]
}
eventually all_wait
: >"$scratch/said"
is "$(sql "SELECT group_concat(type, '') FROM (SELECT type FROM match_events WHERE type <> 'message' AND id > $before ORDER BY id)")" \
    abcdefgh 'those who wait have their turns in the order in which they came'

# A writer that comes back immediately
hold_lock
start "$bin/feeder" -q -d "$db" simulate --rate 1000000 --matches 50 --loop
hog=$!
eventually has_lock $hog "$queue"
add waits
waiter=$!
echo 'COMMIT;' >&3
wait $waiter
is "$? $(cat "$scratch/said")" '0 ' 'a process that writes continuously does not keep others from writing'
kill $hog
wait $hog; ok $? 'a simulation that cannot keep its rate ends at SIGTERM'

# A writer that dies in the queue
hold_lock
add dead; dead=$!
add next; next=$!
kill -KILL $dead
{ wait $dead; } 2>/dev/null
echo 'COMMIT;' >&3
wait $next; ok $? 'the place of a process that was killed is free'
is "$(sql "SELECT group_concat(type) FROM match_events WHERE type IN ('dead', 'next')")" next 'no row of a process that was killed in the queue is inserted'

cat >"$scratch/places.py" <<'PYTHON'
import fcntl, os, sys, time
path, seconds, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
for place in range(count):
    if place == count - 1 or os.fork() == 0:
        file = open(path, "r+")
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        time.sleep(seconds * (place + 1))
        os._exit(0)
PYTHON
# places SECONDS COUNT - that many processes in the queue, which take that long each; the last is $last
places() {
    start python3 "$scratch/places.py" "$queue" "$@"
    last=$!
    eventually has_lock $last "$queue"
}
from=$SECONDS
places 1 9
is "$(feeder -q -d "$db" add m1 late '{}' 2>&1; echo $?)" 0 'a writer waits for as long as the queue moves'
diag "$((SECONDS - from)) s"
places 100 1
like "$(feeder -q -d "$db" add m1 never '{}' 2>&1; echo $?)" "^feeder: $db: process $last .python3. is first in the queue of writers, but makes no progress: end it.75\$" \
    'a writer that blocks the front of the queue is named'
kill $last
wait $last 2>/dev/null

# Without a queue
for kind in folder link fifo; do
    rm -rf "$queue"
    case $kind in folder) mkdir "$queue" ;; link) ln -s "$scratch/elsewhere" "$queue" ;; fifo) mkfifo "$queue" ;; esac
    is "$(feeder -q -d "$db" add m1 x '{}' 2>&1; echo $?)" 0 "feeder writes where the queue is a $kind"
done
[ ! -e "$scratch/elsewhere" ]; ok $? 'feeder makes no file through a link in the place of the queue'
rm -rf "$queue"
feeder -d "$db" status >"$scratch/status"
feeder -q -d "$db" backup "$scratch/copy.db"
[ ! -e "$queue" ]; ok $? 'a command that only reads makes no queue'
sqlite3 "$scratch/foreign.db" 'CREATE TABLE t(x)'
feeder -d "$scratch/foreign.db" init 2>"$scratch/said"
[ ! -e "$scratch/foreign.db-queue" ]; ok $? 'a command that refuses the database makes no queue'
: >"$scratch/said"
ln -s "$db" "$scratch/name.db"
feeder -q -d "$scratch/name.db" add m1 x '{}'
[ -e "$queue" ] && [ ! -e "$scratch/name.db-queue" ]; ok $? 'a database of two names has one queue'

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    chmod 777 "$scratch"
    chmod 666 "$db"*
    rm -f "$queue"
    hold_lock
    setpriv --reuid 61002 --regid 61002 --clear-groups "$bin/feeder" -q -d "$db" add m1 theirs '{}' 2>>"$scratch/said" &
    theirs=$!
    eventually test -e "$queue" && eventually has_lock $theirs "$queue"
    is "$(stat -c %a "$queue")" 600 'another user whose group is not the database'\''s makes a queue of their own'
    rm -f "$queue"
    install -m 444 /dev/null "$queue"
    setpriv --reuid 61002 --regid 61002 --clear-groups "$bin/feeder" -q -d "$db" add m1 theirs '{}' 2>>"$scratch/said" &
    readers=$!
    echo 'COMMIT;' >&3
    wait $theirs && wait $readers
    is "$? $(cat "$scratch/said")" '0 ' 'a user with read access to the queue writes without it'
else
    ok 0 'another user whose group is not the database'\''s # SKIP needs root'
fi
exec 3>&-
done_testing
