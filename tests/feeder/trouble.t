#!/bin/bash
# A full disk, a folder without write permission, a held lock: feeder's message for each; nothing is half
# done, and streams go on meanwhile.
# tags: slow sanitized
. tests/lib/lib.sh
. tests/lib/whole.sh
need sqlite3 fuser

update='{"match_id":"m1","home_team":"A","away_team":"B","score":{"home":0,"away":0},"time":"1:00","status":"First Half"}'
count() { sql 'SELECT count(*) FROM match_events'; }
# said NAME PATTERN CODE - the output of each command, one file each in $scratch/said
each_said() {
    local file
    for file in "$scratch"/said/*; do like "$(cat "$file")" "^feeder: [^ ]*live\.db: $2.$3\$" "feeder ${file##*/} says what is wrong where $1"; done
    rm -rf "$scratch/said"
}
# try WORD... - runs feeder, and keeps its output and exit code
try() {
    mkdir -p "$scratch/said"
    timeout "$PATIENCE" "${as[@]}" "$bin/feeder" -q -d "$db" "$@" >"$scratch/said/$1" 2>&1 <<<"$update"
    echo $? >>"$scratch/said/$1"
}
as=(env)
# hold - takes the lock; fd 3 releases it
hold() {
    rm -f "$scratch/locked"
    printf 'BEGIN IMMEDIATE;\n.shell touch %s/locked\n' "$scratch" >&3
    eventually test -e "$scratch/locked"
}

# A writer that keeps the lock
feeder -q -d "$db" init
feeder -q -d "$db" add m1 goal '{"team":"home","home_team":"A","away_team":"B"}'
serve || exit
stream before "$url/livescore"
eventually shows before '^id: 2$'
mkfifo "$scratch/hold"
exec 3<>"$scratch/hold"
start bash -c 'exec sqlite3 "$0" <"$1"' "$db" "$scratch/hold"
holder=$!
hold
tries=()
try load - & tries+=($!)
try add m1 goal '{"team":"home"}' & tries+=($!)
try void 1 & tries+=($!)
try simulate --for 60s & tries+=($!)
stream during "$url/livescore"
eventually shows during '^id: 2$'
ok $? 'a new stream begins while the database is locked'
like " $(fuser "$db" 2>/dev/null) " " $holder " 'fuser names the process that holds the lock'
wait "${tries[@]}"
each_said 'the database is locked' "locked by process $holder .sqlite3.: end its transaction.*" 75
echo 'ROLLBACK;' >&3
is "$(count)" 2 'nothing is inserted while the database is locked'
feeder -q -d "$db" void 1
eventually shows before '^id: 4$' && eventually shows during '^id: 4$'
ok $? 'streams get rows inserted after the lock is released'

# A temporary lock
hold
(sleep 0.4; printf 'ROLLBACK;\n.quit\n' >&3) &
is "$(feeder -d "$db" add m1 goal '{"team":"home"}')" 5 'a lock that is held for less than 5 s is waited for'
wait $!
exec 3>&-

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    # A user without write permission
    chmod 755 "$scratch"
    before=$(count)
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    try load -; try add m1 goal '{"team":"home"}'; try void 5; try simulate --for 60s
    each_said 'a user does not own the database' 'no permission to write to it: .*' 77
    is "$(count)" "$before" 'nothing is inserted by a writer without permission'
    as=(env)
    feeder -q -d "$db" void 5
    eventually shows before '^id: 8$'
    ok $? 'the stream goes on after writers without permission'
else
    ok 0 'a folder that may not be written # SKIP needs root'
fi
ends_here() { kill -TERM "$service"; wait "$service" 2>/dev/null; }
ends_here

# A full disk
if [ "$(id -u)" = 0 ] && mkdir "$scratch/small" && mount -t tmpfs -o size=3m,mode=755 livescore-test "$scratch/small" 2>/dev/null; then
    trap 'ends_here; umount -l "$scratch/small"; cleanup' EXIT
    db=$scratch/small/live.db
    head -c 300000 /dev/zero >"$scratch/small/ballast"
    feeder -q -d "$db" init
    feeder -q -d "$db" add m1 goal '{"team":"home","home_team":"A","away_team":"B"}'
    serve || exit
    stream full "$url/livescore?after=0"
    try simulate --rate 2000 --seed 1 --for 100s
    for ((i = 0; i < 200; i++)); do echo "$update"; done >"$scratch/many"
    for ((i = 0; i < 50; i++)); do feeder -q -d "$db" load "$scratch/many" 2>/dev/null || break; done
    try add m1 goal "{\"team\":\"home\",\"detail\":\"$(head -c 100000 /dev/zero | tr '\0' x)\"}"
    each_said 'the disk is full' 'the disk is full' 74
    is_whole 'the rows from before are intact'
    last=$(sql 'SELECT max(id) FROM match_events')
    eventually shows full "^id: $last\$"
    ok $? 'a stream has come to the last row that was committed'
    get /healthz >/dev/null
    is "$(cat "$scratch/status")" 200 '/healthz answers 200 when the disk is full'
    rm "$scratch/small/ballast"
    is "$(feeder -d "$db" add m1 goal '{"team":"away"}' 2>&1)" $((last + 1)) 'when there is room again, the next row goes in'
    eventually shows full "^id: $((last + 2))\$"
    ok $? 'the row that went in after the disk was full comes to the stream'
    is "$(grep -a '^id: ' "$scratch/full" | cut -c5- | cksum)" "$(seq $((last + 2)) | cksum)" 'a stream over a full disk has each row once, in order'
else
    ok 0 'a full disk # SKIP may not mount a tmpfs'
fi
no_crash
done_testing
