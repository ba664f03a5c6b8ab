#!/bin/bash
# feeder status: its report on the database, and on a running service.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 curl jq

status() { feeder -d "$db" status --json | jq -r "$1"; }
line() { feeder -d "$db" status | sed -n "s/^$1  *//p"; }

like "$(feeder -d "$db" status 2>&1; echo $?)" "no such file.*66$" 'status without a database says that there is no such file'
[ ! -e "$db" ]; ok $? 'status makes no database'
feeder -q -d "$db" init
is "$(status '[.rows, .first_id, .last_id, .newest, .pruned, .schema] | map(tostring) | join(" ")')" '0 null null null 0 2' 'an empty log has no ids'
is "$(line log) | $(line types)" 'empty | ' 'an empty log is called empty in the text for people'
is "$(line poller), $(line ring)" 'none: no client is connected, none yet: the first connection makes it' 'status names no poller and no ring before the first connection'
feeder -q -d "$db" load tests/data/matches.json
before=$(cksum "$db" "$db-wal")
is "$(status '[.rows, .first_id, .last_id, .types.message, .types.goal] | join(" ")')" '243 1 243 155 18' 'status has the rows, the ids, and the rows by type'
is "$(cksum "$db" "$db-wal")" "$before" 'status writes nothing'
is "$(status .wal_bytes)" "$(stat -c %s "$db-wal")" 'status has the size of the -wal in bytes'
is "$(status '[.types[]] | add')" 243 'the counts of types add up to all rows'
is "$(status '.matches | [.all, .live, .upcoming, .finished, .off] | join(" ")')" '7 0 0 5 2' 'status counts matches by state'
is "$(status .newest)" "$(sql 'SELECT created_at FROM match_events WHERE id = 243')" 'status has the time of the newest row'
is "$(status .bytes)" "$(($(sql 'PRAGMA page_count') * 4096))" 'status has the size of the database in bytes'
like "$(line log)" '^243 rows, ids 1 to 243, the newest of 20' 'the text for people has the rows, the ids and the newest time of the log'
like "$(line types)" '^message 155, goal 18, ' 'the most frequent type comes first'
sql 'DELETE FROM match_events WHERE id <= 40'
is "$(status '[.rows, .first_id, .pruned] | join(" ")') $(line log | grep -o ';.*')" '203 41 40 ; pruned up to id 40' 'status says up to which id the log was pruned'
message m9 1 0
is "$(status .matches.live)" 1 'a match that is played is counted as live'

serve || exit
for i in 1 2 3; do stream s$i "$url/livescore"; done
eventually shows s3 '^id: 244'
# (Only root can look into processes with a sandbox.)
connected() { [ "$(id -u)" -eq 0 ] || [ "$1" -eq 0 ] || set -- null; [ "$(status .connections)" = "$1" ]; }
eventually connected 3; ok $? 'three streams are three connections'
poller=$(status .poller)
supervisor=$(parent_of "$poller")
is "$(parent_of "$supervisor")" "$service" 'the one that polls is a grandchild of the service'
like "$(line poller)" "^process $poller, alive [0-9]+ ms ago" 'status has the process of the poller, and that it is alive'
message m9 2 0
in_ring() { [ "$(status .ring_last_id)" = 245 ]; }
eventually in_ring; ok $? 'the ring has the newest row'
is "$(line ring)" 'up to id 245' 'the text for people has the newest id in the ring'
if [ "$(id -u)" = 0 ]; then
    chmod 755 "$scratch"
    nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$bin/feeder" -d "$db" status "$@"; }
    like "$(nobody 2>&1)" 'connections +0, and those of [0-9]+ processes that only root can look into' 'status gives a user who may not see the connections no number'
    is "$(nobody --json | jq .connections)" null 'the JSON for a user who may not see the connections has null'
else
    ok 0 'other users # SKIP needs root'
fi
kill -STOP "$supervisor" "$poller" # or it would be replaced
silent() { [[ $(line poller) == "process $poller, which gives no sign of life for "*': is it stopped?' ]]; }
eventually silent; ok $? 'status reports a stopped poller'
kill -CONT "$poller" "$supervisor"
kill "$client"
eventually connected 2; ok $? 'a client that leaves is no longer a connection'
kill "$service"
eventually ended "$service"
eventually connected 0; ok $? 'without a service there are no connections'
is "$(line poller)" 'none: no client is connected' 'status says that without a client there is no poller'

echo 'something else' >"$db-ring"
is "$(status .ring)" other 'status distinguishes other files from a ring'
rm "$db-ring"; mkfifo "$db-ring"
is "$(status .ring)" other 'status does not hang on a FIFO in the place of the ring, and calls it other'
no_crash
done_testing
