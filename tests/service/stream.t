#!/bin/bash
# Streams: what opens them, that rows come when they are inserted, heartbeats, filters, and
# the same rows by long polling.

. tests/lib/lib.sh
need curl jq python3

# The frame that has that id, without its line ends.
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
    'retry: |: livescore|id: |id: |' 'first comes the reconnection time, then a comment, then rows'
is "$(grep -E '^id' "$scratch/first" | tr '\n' ' ')" 'id: 2 id: 3 ' 'the snapshot is the latest message of each match, in id order'
unlike "$(cat "$scratch/first")" 'event:' 'a message has no event line'

# What comes.
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '{\"player\":\"Öst\"}')"
eventually shows first '^id: 4'; ok $? 'a row that sqlite3 inserts appears'
is "$(frame first 4)" $'id: 4\nevent: goal\ndata: {"player":"Öst"}' 'as a frame with id, event and data'
seq -f "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'var', '%g');" 500 |
    sed -e '1i BEGIN;' -e '$a COMMIT;' | sqlite3 -bail "$db"
eventually shows first '^id: 504'; ok $? '500 rows of one transaction all come'
is "$(grep -E '^id: ' "$scratch/first" | sed 1,2d | cut -c 5- | tr '\n' ' ')" "$(seq 4 504 | sed 1i3 | sed 1d | tr '\n' ' ')" 'each once, in order'
sql "INSERT INTO match_events(match_id, data) VALUES ('m1', json_object('x', printf('%.*c', 1048568, 'x')))"
biggest() { [ "$(grep -a '^data: {"x":"xx' "$scratch/first" | tr -d '\r\n' | wc -c)" -eq $((6 + 1048576)) ]; }
eventually biggest; ok $? 'a row of 1 MiB, the most that there is, comes whole'

# Heartbeats.
eventually shows first '^:$' 2; ok $? 'comments come while nothing else does'
stream visible "$url/livescore?after=latest&heartbeat=event"
at_once=$(printf 'GET /livescore?heartbeat=event HTTP/1.0\r\n\r\n' | livescore -d "$db" --max-stream 1s 2>/dev/null | grep -aA1 '^event:')
is "$at_once" $'event: heartbeat\ndata: {}' 'the first of those that a script can see comes at once'
eventually shows visible '^event: heartbeat' 2; ok $? 'with heartbeat=event they are events'
is "$(awk 'BEGIN { RS = "" } /event: heartbeat/ { print; exit }' "$scratch/visible")" $'event: heartbeat\ndata: {}' 'of an empty object, without an id'

# Cursors and filters of a stream that is open.
stream latest "$url/livescore?after=latest"
stream m2 "$url/livescore?match=m2&after=latest"
stream goals "$url/livescore?type=goal,own-goal&after=latest"
for name in latest m2 goals; do eventually shows "$name" '^id: 505'; done
is "$(grep -c '^data' "$scratch/latest")" 0 'after=latest brings nothing that was'
message m2 0 1
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m2', 'own-goal', '{}')"
message m1 2 0
for name in latest m2 goals; do eventually shows "$name" '^id: 508'; done
is "$(grep -E '^(id|event)' "$scratch/latest" | tr '\n' ' ')" 'id: 505 id: 506 id: 507 event: own-goal id: 508 ' 'but all that comes'
is "$(grep -c '^data' "$scratch/m2")" 2 'match= lets its match through'
is "$(grep -c '^data' "$scratch/goals")" 1 'type= lets its types through'
is "$(frame goals 508)" 'id: 508' 'and rows that are not wanted move the cursor, by an id without data'

# The reconnection time is drawn for each connection.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do curl -sN -m 2 -o "$scratch/retry$i" "$url/livescore?after=latest" & waiting[i]=$!; done
wait "${waiting[@]}"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do retry_of "retry$i"; done | sort -nu >"$scratch/retries"
[ "$(head -1 "$scratch/retries")" -ge 1500 ] && [ "$(tail -1 "$scratch/retries")" -le 4500 ]
ok $? 'the reconnection time is 3 s, plus or minus 50 %'
[ "$(wc -l <"$scratch/retries")" -ge 6 ]; ok $? 'and rarely the same'

# Long polling.
get '/livescore?format=json&after=508&wait=1' >/dev/null
is "$(jq -c . "$scratch/body")" '{"events":[],"last_id":508,"more":false}' 'a long poll ends without a row when its time is over'
curl -s -m 20 -o "$scratch/polled" "$url/livescore?format=json&after=508&wait=15&match=m9" &
poll=$!
sleep 0.3
message m1 3 0
message m9 7 7
eventually ended $poll; ok $? 'and at once when one comes'
is "$(jq -c '[.events[].data.score.home, .last_id, .more]' "$scratch/polled")" '[7,510,false]' 'with the rows that are wanted'
get '/livescore?format=json&after=0' >/dev/null
is "$(jq -c '[(.events | length), .events[0].id, .last_id, .more]' "$scratch/body")" '[510,1,510,false]' 'JSON brings the same rows'
seq -f "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'var', '%g');" 491 |
    sed -e '1i BEGIN;' -e '$a COMMIT;' | sqlite3 -bail "$db"
get '/livescore?format=json&after=0' >/dev/null
is "$(jq -c '[(.events | length), .last_id, .more]' "$scratch/body")" '[1000,1000,true]' 'at most 1000 at a time, and says that there is more'
get '/livescore?format=json&after=1000' >/dev/null
is "$(jq -c '[(.events | length), .last_id, .more]' "$scratch/body")" '[1,1001,false]' 'the next one goes on from there'

# The end.
idle=$(($(children "$service") - $((${#started[@]} - 1))))
for pid in "${started[@]:1}"; do kill "$pid"; done
eventually has_children "$service" "$idle"; ok $? 'clients that hang up end their processes at once'
no_crash
done_testing
