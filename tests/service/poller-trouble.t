#!/bin/bash
# Whatever happens to the ring, the bell, the folder or the database while one process polls for
# all: the service may be slower, but is never wrong.
# tags: slow sanitized

. tests/lib/lib.sh
. tests/lib/followers.sh
need jq perl python3 setpriv sqlite3

# new_stream_opens NAME - a new stream gets what it should
new_stream_opens() {
    local head
    head=$(head_id)
    stream now "$url/livescore?after=$((head - 3))"
    eventually shows now "^id: $head\$"
    ends "$client"
    is "$(sed -n 's/^id: //p' "$scratch/now" | head -3 | tr '\n' ' ')" "$((head - 2)) $((head - 1)) $head " "$1: a cursor is continued"
    stream now "$url/livescore"
    eventually shows now '^data' 5; ok $? "$1: a stream without a cursor gets the snapshot"
    ends "$client"
}

# under NAME COMMAND... - runs it while rows flow to clients
under() {
    local name=$1
    shift
    flow
    flows 20
    "$@"
    flows 50
    end_flow
    all_come "$name: rows go on to all"
    new_stream_opens "$name"
}
noise() { dd if=/dev/urandom of="$db-ring" bs=4096 count=$(($(stat -c %s "$db-ring") / 4096)) conv=notrunc status=none; }
first_page_noise() { dd if=/dev/urandom of="$db-ring" bs=4096 count=1 conv=notrunc status=none; }
zeros() { dd if=/dev/zero of="$db-ring" bs=4096 count=$(($(stat -c %s "$db-ring") / 4096)) conv=notrunc status=none; }
half() { truncate -s $(($(stat -c %s "$db-ring") / 2)) "$db-ring"; }
folder_for() { rm "$1"; mkdir "$1"; }
file_for() { rm "$1"; echo text >"$1"; }
link_for() { echo precious >"$scratch/victim"; rm "$1"; ln "$scratch/victim" "$1"; }

# harm NAME COMMAND... - the same, and soon there is a poller with a ring
harm() {
    under "$@"
    eventually has_ring; ok $? "$1: the poller has a ring again"
}
has_ring() { [ "$(feeder -d "$db" status --json | jq -r '"\(.ring) \(.poller > 0)"')" = 'ok true' ]; }

damages() {
    harm 'a ring full of noise' noise
    harm 'a header of noise' first_page_noise
    harm 'a ring of zeros' zeros
    harm 'an empty ring' truncate -s 0 "$db-ring"
    harm 'half a ring' half
    harm 'a page of a ring' truncate -s 4096 "$db-ring"
    harm 'no ring' rm "$db-ring"
    under 'a folder in the place of the ring' folder_for "$db-ring"
    harm "the ring's folder gone again" rmdir "$db-ring"
    harm 'another file by the name of the ring' link_for "$db-ring"
    is "$(cat "$scratch/victim")" precious 'another file with the name of the ring is not written to'
    harm "the other file gone from the place of the ring" rm "$db-ring"
    harm 'no bell' rm "$db-bell"
    harm 'a file in the place of the bell' file_for "$db-bell"
    harm "the file gone from the place of the bell" rm "$db-bell"
}

make_db
sql "$insert"
diag 'damage to ring and bell'
serve --heartbeat 10m || exit # so that no heartbeat wakes a client
follow 5
damages

diag 'what else may happen to a database'
vacuum() { sql 'VACUUM'; }
checkpoint() { sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null; }
restore() { sql ".backup '$scratch/copy.db'" && sql ".restore '$scratch/copy.db'" && sql 'PRAGMA journal_mode = WAL' >/dev/null; }
prune() { sql "DELETE FROM match_events WHERE id <= (SELECT max(id) FROM match_events) - 100"; }
# No writer may be in the middle of it, or its rows would go to the old file: rows come before and after.
replace() {
    end_flow
    sql ".backup '$scratch/copy.db'"
    sqlite3 "$scratch/copy.db" 'PRAGMA journal_mode = WAL' >/dev/null
    checkpoint
    mv "$scratch/copy.db" "$db"
    rm -f "$scratch/copy.db"-*
    flow
}
under 'VACUUM' vacuum
under 'a checkpoint that empties the write-ahead log' checkpoint
under 'old rows pruned' prune
under 'another file with the same log moved to its place' replace
end_flow_and_restore() { end_flow; eventually have all "$(head_id)"; restore; flow; }
under 'a backup restored over it' end_flow_and_restore
unfollow 'through all of that each client has each row once, in order'

sql ".backup '$scratch/old.db'"
sql "$insert"
sql "$insert"
stream reset "$url/livescore?after=latest"
eventually shows reset '^id'
old=$(head_id)
sql ".restore '$scratch/old.db'"
eventually shows reset "\"reason\":\"ahead\",\"oldest\":[0-9]*,\"head\":$((old - 2))"; ok $? 'a backup of an older state resets a stream that is ahead of it'
sql "$insert"
eventually shows reset "^data: {\"n\":$((old - 1))}"; ok $? 'a stream follows a backup of an older state'
no_crash
ends "$service"

# Without permissions: the folder belongs to another user, and has no ring.
[ "$(id -u)" -eq 0 ] || done_testing
livescore() { exec setpriv --reuid=61234 --regid=61234 --clear-groups "$bin/livescore" "$@"; }
diag 'a folder that the service may not write to'
chmod 755 "$scratch"
db=$scratch/second.db
feeder -d "$db" init 2>"$scratch/ignored"
for _ in 1 2 3 4 5; do sql "$insert"; done
flow
eventually test -s "$db-wal" # which a reader can't create there, and the last writer removes
serve || exit
follow 3
eventually have all 1
end_flow
all_come 'without a ring rows come to all'
new_stream_opens 'no ring can be made'
[ ! -e "$db-ring" ]; ok $? 'no ring is made where the folder is not writable'
unfollow 'without a ring each row comes once, in order'
ends "$service"

diag 'a user without a single inotify instance left'
case $(uname -m) in x86_64) inotify=294 ;; *) inotify=26 ;; esac
chmod 777 "$scratch"
start setpriv --reuid=61234 --regid=61234 --clear-groups perl -e '$| = 1; 1 while syscall($ARGV[0], 0) >= 0; print "none left\n"; sleep 1000' "$inotify" >"$scratch/hog"
hog=$!
eventually shows hog 'none left'
serve || exit
follow 3
flow
eventually has_poller; ok $? 'there is a poller without inotify'
is "$(find "/proc/$(poller)/fd" -lname 'anon_inode:inotify' | wc -l)" 0 'a poller without inotify uses none'
before=$(poller)
flows 50
end_flow
all_come 'without inotify rows come to all'
is "$(poller)" "$before" 'a poller without inotify stamps the ring often enough'
unfollow 'without inotify each row comes once, in order'
no_crash
ends "$service"
ends "$hog"
done_testing
