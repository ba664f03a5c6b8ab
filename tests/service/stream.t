#!/bin/bash
# Streams: how they open, live rows, heartbeats, filters, and the same rows by long
# polling.

. tests/lib/lib.sh
need curl jq python3

# The frame with that id, without line ends.
frame() { awk -v id="id: $2" 'BEGIN { RS = "" } index($0 "\n", id "\n") { print }' "$scratch/$1"; }
retry_of() { sed -n 's/^retry: //p' "$scratch/$1" | head -1; }

make_db
message m1 0 0
message m2 0 0
message m1 1 0
serve --heartbeat 1s || exit

# The beginning.
stream first "$url/livescore"
eventually shows first '^id: 3'; ok $? 'a stream without a cursor brings the snapshot'
is "$(grep -E '^(retry|:|id)' "$scratch/first" | head -4 | sed 's/[0-9]*$//' | tr '\n' '|')" \
    'retry: |: livescore snapshot|id: |id: |' 'a stream begins with the reconnection time, then a comment, then rows'
is "$(grep -E '^id' "$scratch/first" | tr '\n' ' ')" 'id: 2 id: 3 ' 'the snapshot is the latest message of each match, in id order'
unlike "$(cat "$scratch/first")" 'event:' 'a message has no event line'

# Live rows.
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '{\"player\":\"Öst\"}')"
eventually shows first '^id: 4'; ok $? 'a row that sqlite3 inserts appears'
is "$(frame first 4)" $'id: 4\nevent: goal\ndata: {"player":"Öst"}' 'a row is a frame with id, event and data'
seq -f "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'var', '%g');" 500 |
    sed -e '1i BEGIN;' -e '$a COMMIT;' | sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db"
eventually shows first '^id: 504'; ok $? '500 rows of one transaction all come'
is "$(grep -E '^id: ' "$scratch/first" | sed 1,2d | cut -c 5- | tr '\n' ' ')" "$(seq 4 504 | sed 1i3 | sed 1d | tr '\n' ' ')" '500 rows of one transaction come each once, in order'
sql "INSERT INTO match_events(match_id, data) VALUES ('m1', json_object('x', printf('%.*c', 1048568, 'x')))"
biggest() { [ "$(grep -a '^data: {"x":"xx' "$scratch/first" | tr -d '\r\n' | wc -c)" -eq $((6 + 1048576)) ]; }
eventually biggest; ok $? 'a row of 1 MiB, the largest, comes whole'

# Heartbeats.
eventually shows first '^:$' 2; ok $? 'comments are sent while there are no rows'
stream visible "$url/livescore?after=latest&heartbeat=event"
at_once=$(printf 'GET /livescore?heartbeat=event HTTP/1.0\r\n\r\n' | livescore -d "$db" --max-stream 1s 2>/dev/null | grep -aA1 '^event:')
is "$(sed -E 's/[0-9]{13}/NOW/' <<<"$at_once")" $'event: heartbeat\ndata: {"now":NOW}' 'with heartbeat=event the first heartbeat comes at once'
eventually shows visible '^event: heartbeat' 2; ok $? 'with heartbeat=event heartbeats are events'
is "$(awk 'BEGIN { RS = "" } /event: heartbeat/ { print; exit }' "$scratch/visible" | sed -E 's/[0-9]{13}/NOW/')" $'event: heartbeat\ndata: {"now":NOW}' 'a heartbeat event has the time of the server, and no id'
now=$(sed -n 's/^data: {"now":\([0-9]*\)...}$/\1/p' "$scratch/visible" | tail -1)
[ $(($(date +%s) - now)) -le $((PATIENCE * 2)) ] && [ "$now" -le "$(date +%s)" ]; ok $? 'the time of a heartbeat is that of the wall clock' || diag "$now"


# Cursors and filters of an open stream.
stream latest "$url/livescore?after=latest"
stream m2 "$url/livescore?match=m2&after=latest"
stream goals "$url/livescore?type=goal,own-goal&after=latest"
for name in latest m2 goals; do eventually shows "$name" '^id: 505'; done
is "$(grep -c '^data' "$scratch/latest")" 0 'after=latest brings no earlier row'
message m2 0 1
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m2', 'own-goal', '{}')"
message m1 2 0
for name in latest m2 goals; do eventually shows "$name" '^id: 508'; done
is "$(grep -E '^(id|event)' "$scratch/latest" | tr '\n' ' ')" 'id: 505 id: 506 id: 507 event: own-goal id: 508 ' 'after=latest brings all new rows'
is "$(grep -c '^data' "$scratch/m2")" 2 'match= lets the rows of its match through'
is "$(grep -c '^data' "$scratch/goals")" 1 'type= lets the rows of its types through'
is "$(frame goals 508)" 'id: 508' 'rows that a filter leaves out move the cursor, by an id without data'

# The reconnection time is random for each connection.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do stream "retry$i" "$url/livescore?after=latest"; done
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do eventually shows "retry$i" '^retry: '; done
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do retry_of "retry$i"; done | sort -nu >"$scratch/retries"
[ "$(head -1 "$scratch/retries")" -ge 1500 ] && [ "$(tail -1 "$scratch/retries")" -le 4500 ]
ok $? 'the reconnection time is 3 s, plus or minus 50 %'
[ "$(wc -l <"$scratch/retries")" -ge 6 ]; ok $? 'the reconnection time varies between streams'

private() { for pid in $(child_pids "$service"); do sed -n 's/^Private_Dirty: *\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup"; done; }
case $(id -u)$bin in # the files in /proc of a process in its sandbox are root's
[!0]* | *sanitize*) ;;
*) kb=$(private | sort -n | sed -n 8p) && [ "$kb" -le 36 ]; ok $? 'half of the waiting streams use 36 KB of private memory or less' || diag "$kb KB" ;;
esac

# Long polling.
get '/livescore?format=json&after=508&wait=1' >/dev/null
is "$(jq -c 'del(.next)' "$scratch/body")" '{"after":508,"events":[],"last_id":508,"more":false}' 'a long poll without a row ends when its time is over'
start curl -s -m 100 -o "$scratch/polled" -w '%{time_total}\n' "$url/livescore?format=json&after=508&wait=60&match=m9" >"$scratch/polled.time"
poll=$!
sleep 0.3 # so that it has to wait
message m1 3 0
message m9 7 7
wait $poll
[ "$(cut -d . -f 1 "$scratch/polled.time")" -lt 50 ]; ok $? 'a long poll ends when a row comes, before its time is over' || diag "$(cat "$scratch/polled.time")"
is "$(jq -c '[.events[].data.score.home, .last_id, .more]' "$scratch/polled")" '[7,510,false]' 'a long poll has the rows of its filter'
# The end.
signal TERM "${started[@]:1}"
eventually has_children "$service" "$idle"; ok $? 'clients that hang up end their processes'
no_crash
done_testing
