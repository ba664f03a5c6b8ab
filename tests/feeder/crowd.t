#!/bin/bash
# Thousands of rows per second to a hundred clients: each gets every byte, in order, nothing
# twice.
#
# CROWD_SECONDS=10 takes longer.
# tags: once slow
. tests/lib/lib.sh
. tests/lib/followers.sh
need python3 sqlite3

case $bin in *sanitize*) crowd=20 rate=1000 ;; *) crowd=100 rate=5000 ;; esac
seconds=${CROWD_SECONDS:-2}

# expected - the log as a stream: the newest id, and the CRC-32 of all frames
expected() {
    sql "SELECT id, iif(type = 'message', '', 'event: ' || type || char(10)), data FROM match_events ORDER BY id" |
        python3 -c 'import sys, zlib
crc = last = 0
rows = sys.stdin.buffer.read()
for row in rows.replace(b"\nevent: ", b"\0event: ").replace(b"\n|", b"\0|").split(b"\n")[:-1]:
    last, kind, data = row.replace(b"\0", b"\n").split(b"|", 2)
    crc = zlib.crc32(b"id: %s\n%sdata: %s\n\n" % (last, kind, data), crc)
print(int(last), crc)'
}

feeder -q -d "$db" init
serve --max-per-client 1000 || exit
follow $crowd read
feeder -d "$db" simulate --matches 100 --seed 7 --rate $rate --for "${seconds}s" 2>"$scratch/said"
is "$?" 0 "$rate rows a second are inserted for $seconds s"
diag "$(cat "$scratch/said")"
from=${EPOCHREALTIME/./}
all_come "$crowd clients come to the last row" 60
diag "$(((${EPOCHREALTIME/./} - from) / 1000)) ms after it was inserted"
unfollow 'every id came once, in order'
is "$(cat "$scratch/sums")" "$crowd $(expected)" 'each client has every byte'
is "$(cat "$scratch/returns")" 0 'no client was disconnected'
no_crash
done_testing
