#!/bin/bash
# feeder replicate and cursor: a log has the rows of another one, byte by byte, with their ids; replicate reports what
# it can't use; and a log is rebuilt while it is read.
# tags: sanitized
. tests/lib/lib.sh
need curl sqlite3 jq

edge=$scratch/edge.db
nl=$'\n'
# says QUERY - what the origin sends now, in $scratch/said
says() {
    stream said "$url/livescore?heartbeat=event&$1"
    eventually shows said '^event: heartbeat'
    kill "$client"
}
# replicates [OPTION...] - loads $scratch/said into $edge; prints its exit status and messages
replicates() {
    feeder -q -d "$edge" replicate "$@" - <"$scratch/said" 2>"$scratch/errors"
    echo "$? $(cat "$scratch/errors")"
}
dump() { sqlite3 -bail "$1" ".timeout ${PATIENCE}000" "SELECT ${2:-*} FROM match_events ORDER BY id; SELECT * FROM matches ORDER BY match_id; SELECT seq FROM sqlite_sequence"; }
# same NAME [COLUMNS] - the edge equals the origin
same() { dump "$db" "${2:-*}" >"$scratch/a"; dump "$edge" "${2:-*}" | diff "$scratch/a" - >"$scratch/diff"; ok $? "$1" || diag "$(head -5 "$scratch/diff")"; }
cursor() { feeder -d "$edge" cursor; }

feeder -q -d "$db" load tests/data/matches.json
sqlite3 -bail "$db" <<'SQL'
INSERT INTO match_events(match_id, type, data) VALUES
    ('q"uote\', 'x-other', '{"data": 1, "a": {"b": [1, {"c": "}],\",\"data\":"}]}}'), ('m9', 'number', ' 5 '),
    ('m9', 'message', '[{"id":1,"data":2}]'), ('m9', 'list', '[ ]'), ('m9', 'text', '"Žižkov \u0000 ]}"');
SQL
serve --heartbeat 1s || exit
head=$(sql 'SELECT max(id) FROM match_events')

# The cursor
is "$(cursor; ls "$edge" 2>/dev/null)" 0 'the cursor of a database that is not there is 0, and none is made'
is "$(feeder -d "$db" cursor)" "$head" "the cursor is the newest row's id"

# Input other than the log
says batch=1000
like "$(replicates)" '^65 .*: livescore snapshot: request \?after=' 'a stream that begins with a snapshot is refused, with the remedy'
says 'batch=1000&after=0&type=goal'
like "$(replicates)" '^65 .*: livescore after=0 filtered: request .* without a filter' 'a stream that is filtered is refused, with the remedy'
says 'batch=1000&after=0'
grep -v '^: livescore' "$scratch/said" >"$scratch/headless"; mv "$scratch/headless" "$scratch/said"
like "$(replicates)" '^65 .*expected a stream that says what follows' 'a stream that does not say what follows is refused'
curl -s "$url/nothing" >"$scratch/said"
like "$(replicates)" '^65 .*expected a page, found .*Not Found' 'an answer that is no page is refused, and shown'
: >"$scratch/said"
like "$(replicates)" '^66 .*received neither a stream nor a page' 'an input that is empty is an error'
ls "$edge" >"$scratch/ls" 2>&1; ok $((! $?)) 'what is refused makes no database'
says 'batch=1000&after=5'
like "$(replicates)" '^65 .*: livescore after=5: request \?after=\$\(feeder cursor --at\) ' 'a stream that begins after the newest row of the replica is refused'

# Three forms of the log
says 'batch=7&after=0'
is "$(replicates)" '0 ' 'a stream of batches is taken'
same 'a replica of batches has each row of its origin, byte by byte, the states, and the last id'
is "$(replicates; cursor)" "0 $nl$head" 'existing rows are skipped'
rm "$edge"*
says 'batch=1&after=0'
replicates >"$scratch/status"
same 'a replica of batches of one row is the same'
rm "$edge"*
pages() { # FROM - to where they end
    local next="?after=$1&format=json" page
    : >"$scratch/said"
    while :; do
        page=$(curl -s "$url/livescore$next")
        printf '%s\n' "$page" >>"$scratch/said"
        [ "$(jq .more <<<"$page")" = true ] || break
        next=$(jq -r .next <<<"$page")
    done
}
pages 0
is "$(replicates)" '0 ' 'pages of JSON are taken'
same 'a replica of pages is the same'
curl -s "$url/livescore?format=json&after=0&match=m9" >"$scratch/said"
like "$(replicates)" '^65 .*request .* without a filter' 'a page of a filter is refused'
curl -s "$url/livescore?format=json" >"$scratch/said"
like "$(replicates)" '^65 .*request \?after=' 'a page that is a snapshot is refused'
rm "$edge"*
says after=0
like "$(replicates)" "^65 .*row [0-9]+: .*match_id must be .*: request &batch=1000" 'a row whose match a plain stream does not tell is refused, with the remedy'
is "$(sqlite3 "$edge" 'SELECT count(*) FROM match_events')" "$((head - 5))" 'the rows before one that is refused are in'
sql "DELETE FROM match_events WHERE id > $((head - 5)); DELETE FROM matches WHERE match_id IN ('m9'); UPDATE meta SET value = 0 WHERE key = 'pruned'"
rm "$edge"*
says after=0
is "$(replicates)" '0 ' 'a plain stream is taken where each row tells its match'
columns='id, match_id, type, data'
is "$(sqlite3 "$edge" "SELECT $columns FROM match_events" | md5sum)" "$(sql "SELECT $columns FROM match_events" | md5sum)" 'a replica of a plain stream has each row but the time at which it was made'
feeder -q -d "$db" add m1 kickoff '{"home_team":"Ajax","away_team":"PSV"}' >"$scratch/id"
rm "$edge"*
printf 'retry: 1\n: livescore after=0\n\nid: 5\nevent: x\ndata: {"match_id":"m1",\ndata: \ndata:  "a": 1}\n\n' >"$scratch/said"
replicates >"$scratch/status"
is "$(sqlite3 "$edge" "SELECT id, type, data FROM match_events")" $'5|x|{"match_id":"m1",\n\n "a": 1}' 'data of several lines in a plain stream is joined by line ends'

# Hostile and broken input
rm "$edge"*
says 'batch=3&after=0'
sed '0,/"id":5,/s//"id":3,/' "$scratch/said" >"$scratch/spoilt"; mv "$scratch/said" "$scratch/good"
cp "$scratch/spoilt" "$scratch/said"
like "$(replicates)" '^65 .*expected rows in order, found \{"id":3' 'a row out of order is refused'
is "$(cursor)" 4 'rows before one that is out of order are in'
sed '0,/"match_id":"[^"]*"/s//"match_id":"a b"/' "$scratch/good" >"$scratch/said"
rm "$edge"*
like "$(replicates)" '^65 .*row 1: .*match_id must be' 'a row that the schema refuses is named'
wrong=0
size=$(stat -c %s "$scratch/good")
for ((n = 0; n < 60; n++)); do
    rm -f "$edge"*
    head -c $((n < 30 ? n * 7 : RANDOM * 32768 % size + RANDOM % size)) "$scratch/good" >"$scratch/said"
    case $(replicates) in '0 ' | 66*) ;; *) wrong=$((wrong + 1)); diag "cut at $(stat -c %s "$scratch/said"): $(cat "$scratch/errors")" ;; esac
    [ ! -e "$edge" ] || [ "$(sqlite3 "$edge" 'SELECT count(*) FROM match_events')" = "$(sql "SELECT count(*) FROM match_events WHERE id <= $(cursor)")" ] || wrong=$((wrong + 1))
done
is $wrong 0 'a stream that is cut short anywhere leaves the first rows, without a hole'
cp "$scratch/good" "$scratch/said"
replicates >"$scratch/status"
same 'the next stream brings what a cut one lacked'
printf 'data: [{"id":' >>"$scratch/said"
head -c 3000000 /dev/zero | tr '\0' 9 >>"$scratch/said"
like "$(replicates)" '^65 .*: a frame has no end, or is too large' 'a frame without an end is refused'
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'large', json_quote(printf('%.*c', 1048574, 'x')))"
says "batch=1000&after=$(cursor)"
is "$(replicates)" '0 ' 'the largest row that there can be is taken'
same 'the largest row is the same'

# Only the origin publishes
remedy="this database is a replica: publish at its origin, or make it one: DELETE FROM meta WHERE key = 'replica'"
like "$(sqlite3 "$edge" "INSERT INTO match_events(match_id, data) VALUES ('m', '{}')" 2>&1)" "$remedy" 'sqlite3 cannot insert a row into a replica, and the error names the remedy'
like "$(feeder -d "$edge" load tests/data/matches.json 2>&1)" "$remedy" 'load can insert no row into a replica'
like "$(feeder -d "$edge" add m1 goal '{"team":"home"}' 2>&1)" "$remedy" 'add can insert no row into a replica'
is "$(feeder -d "$edge" prune --keep-last 1000 2>&1 >"$scratch/out"; feeder -q -d "$edge" check 2>&1)" "feeder: $edge: 0 of $(sqlite3 "$edge" 'SELECT count(*) FROM match_events') rows deleted, 0 pages given back" 'a replica can be pruned, and check finds nothing wrong with it'
mkfifo "$scratch/pipe"
exec 7<>"$scratch/pipe"
feeder -d "$edge" replicate - <&7 2>"$scratch/errors" &
replica=$!
started+=("$replica")
cat "$scratch/said" >&7
is_up_to() { [ "$(cursor)" = "$1" ]; }
eventually is_up_to "$(feeder -d "$db" cursor)"
sqlite3 "$edge" "DELETE FROM meta WHERE key = 'replica'"
is "$(feeder -d "$edge" add m1 goal '{"team":"home"}')" $(($(feeder -d "$db" cursor) + 1)) 'a replica that is made an origin goes on with the next id'
printf 'data: [{"id":99999,"data":{}}]\nid: 99999\n\n' >&7
wait $replica
is "$? $(grep -c 'not a replica' "$scratch/errors")" '78 1' 'replicate ends when its database becomes an origin meanwhile'
exec 7>&-
like "$(replicates)" '^78 .*: not a replica, but has rows of its own: choose a new file, or use --force' 'a database with its own rows is refused'
feeder -q -d "$db" backup "$scratch/copy.db"
edge=$scratch/copy.db
like "$(replicates)" '^78 ' "a copy of the origin's is refused as well"
is "$(replicates --force; replicates)" "0 ${nl}0 " "a copy of the origin's is taken with --force, and needs it once"

# A log that the origin can't continue
feeder -q -d "$db" prune --keep-last 5
feeder -q -d "$db" add m1 goal '{"team":"home"}' >"$scratch/id"
edge=$scratch/behind.db
printf 'retry: 1\n: livescore after=0\n\ndata: [{"id":7,"match_id":"m7","type":"x","created_at":"2026-11-27T10:00:00.000Z","data":{}}]\nid: 7\n\n' >"$scratch/said"
replicates >"$scratch/status"
says 'batch=1000&after=7'
like "$(replicates)" "^79 .*the origin can't continue from row 7: .*\"gone\".*: request \?after=0 and use --rebuild" 'a reset ends with exit code 79, and the message names the remedy'
is "$(cursor)" 7 'a reset changes nothing'
like "$(replicates --rebuild)" '^65 .*: livescore after=7: request \?after=0 ' '--rebuild needs the whole log'
says 'batch=1000&after=0'
cp "$scratch/said" "$scratch/good"
sed '/^event: heartbeat/,$d' "$scratch/good" >"$scratch/said"
like "$(replicates --rebuild)" '^75 .*ended before all rows had arrived: nothing was changed' 'an incomplete log does not replace the old one'
is "$(cursor)" 7 'an incomplete log leaves the old one in place'
cp "$scratch/good" "$scratch/said"
is "$(replicates --rebuild)" '0 ' '--rebuild takes the whole log'
same 'a rebuilt log has the rows, the states of matches whose rows are gone, and the last id'
is "$(sqlite3 "$edge" "SELECT value FROM meta WHERE key = 'pruned'")" "$(sql "SELECT value FROM meta WHERE key = 'pruned'")" 'a rebuilt log records how far its origin was pruned'
edge=$scratch/half.db
{ printf 'retry: 1\n: livescore after=0\n\n:\n\n'; sleep 0.2; printf ':\n\n'; sleep 0.2; sed '/^event: heartbeat/,$d' "$scratch/good" | sed '1,/^$/d'; sleep 0.2; } |
    feeder -q -d "$edge" replicate - 2>"$scratch/errors"
is "$? $(cursor)" '75 0' 'heartbeats before a reset do not complete the log that follows it'
edge=$scratch/new.db
is "$(replicates)" '0 ' 'an empty database takes a log that was pruned without --rebuild'
same 'an empty database gets the same'
edge=$scratch/paged.db
pages 0
is "$(replicates)" '0 ' 'pages of a log that was pruned are taken'
same 'a replica of the pages of a log that was pruned is the same'
feeder -q -d "$db" prune --older-than 0 --force
edge=$scratch/empty.db
says 'batch=1000&after=0'
replicates >"$scratch/status"
same 'of a log without a row the states come'
is "$(cursor)" "$(feeder -d "$db" cursor)" 'of a log without a row the cursor comes'

# ... while it is read
origin=$db edge=$scratch/served.db
from=$url
db=$edge
feeder -q -d "$edge" init
serve --heartbeat 1s || exit
printf 'retry: 1\n: livescore after=0\n\ndata: [{"id":7,"match_id":"m7","type":"x","created_at":"2026-11-27T10:00:00.000Z","data":{}}]\nid: 7\n\n' >"$scratch/said"
replicates >"$scratch/status"
stream viewer "$url/livescore?after=7"
eventually shows viewer '^: livescore after=7'
feeder -q -d "$origin" load tests/data/matches.json
sqlite3 "$origin" "SELECT message_id FROM matches ORDER BY message_id" >"$scratch/states"
edge_client=$client
url=$from says 'batch=1000&after=0'
replicates --rebuild >"$scratch/status"
db=$origin
same 'a log rebuilt under a running service is the same'
all_there() { [ "$(sed -n '/^event: reset/,$s/^id: //p' "$scratch/viewer" | tr '\n' ' ')" = "$(tr '\n' ' ' <"$scratch/states")" ]; }
eventually all_there; ok $? 'a stream whose log is rebuilt is reset, and gets the new states' || diag "$(cat "$scratch/viewer")"
kill "$edge_client"

# Its lag
# lags MS - it has heard from its origin that long ago
lags() { sqlite3 "$edge" "UPDATE meta SET value = CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) - $1 WHERE key = 'replica'"; }
lags 0
is "$(get '/healthz?max-lag=60' >"$scratch/out"; cat "$scratch/status")" 200 'a replica within max-lag is healthy'
lags 90000
like "$(get '/healthz?max-lag=60'; cat "$scratch/status")" '"status":"late".*"lag_ms":(9|1[0-9])[0-9]{4}.*503$' 'a replica beyond max-lag is not healthy, and reports its lag'
like "$(get /healthz; cat "$scratch/status")" '"status":"ok".*"lag_ms":(9|1[0-9])[0-9]{4}.*200$' 'a replica with any lag is healthy without max-lag'
like "$(get '/healthz?max-lag=x')" '"status":400' 'a max-lag that is not a number of seconds is refused'
like "$(feeder -d "$edge" status)" $'\nreplica      (9|1[0-9])[0-9]\\.[0-9] s behind its origin, at most\n' 'status shows the lag of a replica'
like "$(feeder -d "$edge" status --json | jq .replica_lag_ms)" '^(9|1[0-9])[0-9]{4}$' 'the JSON of status has the lag of a replica'
is "$(feeder -d "$origin" status --json | jq .replica_lag_ms) $(feeder -d "$origin" status | grep -c ^replica)" 'null 0' 'status of an origin shows no lag'
unlike "$(url=$from get '/healthz?max-lag=1'; cat "$scratch/status")" 'lag|503' 'an origin is never late'
url=$from says "batch=1000&after=$(cursor)"
replicates >"$scratch/status"
get '/healthz?max-lag=60' >"$scratch/out"
is "$(cat "$scratch/status")" 200 'a heartbeat of the origin ends the lag'
feeder -q -d "$edge" replicate - <<<$'retry: 1\n: livescore after=0\n\ndata: []\n\n' 2>"$scratch/errors"
edge=$scratch/never.db
printf 'retry: 1\n: livescore after=0\n\n' >"$scratch/said"
replicates >"$scratch/status"
like "$(feeder -d "$edge" status)" 'replica      it has not come up to its origin yet' 'a replica that has not been up to date once says so'

# A cursor that the replica has not reached yet, but another may have
edge=$scratch/served.db
next=$(($(cursor) + 5))
sqlite3 "$edge" "UPDATE meta SET value = value - 90000 WHERE key = 'replica'"
stream ahead "$url/livescore?after=$next"
eventually shows ahead '^id: ' # its cursor, when the log has been read
get "/livescore?format=json&after=$next&at=0123456789abcdef" >"$scratch/page"
is "$(jq -c '[.events, .last_id, .reset, (.next | test("at=0123456789abcdef"))]' "$scratch/body")" "[[],$next,null,true]" 'a page ahead of a replica is empty, and links to itself'
for n in -1 0 1; do
    printf 'retry: 1\n: livescore after=0\n\ndata: [{"id":%d,"match_id":"m7","type":"x","created_at":"2026-11-27T10:00:00.000Z","data":{}}]\nid: 1\n\n' $((next + n)) >"$scratch/said"
    replicates >"$scratch/status"
done
eventually shows ahead "^id: $((next + 1))"
is "$(grep -c '^event: x' "$scratch/ahead") $(grep -cE '^event: reset|^id: '$((next - 1)) "$scratch/ahead")" '1 0' 'a stream ahead of a replica waits, and continues after its cursor'
stream beyond "$url/livescore?after=$((next + 9))"
eventually shows beyond '^id: '
heartbeat_comes() {
    lags 0
    shows beyond '^event: reset'
}
eventually heartbeat_comes
like "$(cat "$scratch/beyond")" '"reason":"ahead"' 'a stream that stays ahead of a replica, while that has all rows of its origin, is reset'
like "$(url=$from get '/livescore?format=json&after=999999')" '"reason":"ahead"' 'a page ahead of an origin is reset at once'

# An origin that is pruned while it sends its log
row() { printf '{"id":%d,"match_id":"m7","type":"message","created_at":"2026-11-27T10:00:00.000Z","data":{}}' "$1"; }
reset() { printf 'event: reset\ndata: {"reason":"gone","oldest":%d,"head":20}\n\n' "$1"; }
batch() { printf 'data: [%s]\nid: %d\n\n' "$(row "$1")" "$1"; }
edge=$scratch/pruned.db
{ printf 'retry: 1\n: livescore after=0\n\n'; reset 5; batch 3; batch 7; reset 12; batch 11; batch 12; batch 13; printf ':\n\n'; } >"$scratch/said"
is "$(replicates)" '0 ' 'an origin that is pruned while it sends its log begins again'
is "$(sqlite3 "$edge" "SELECT group_concat(id) FROM match_events; SELECT value FROM meta WHERE key = 'pruned'" | xargs)" '12,13 11' 'only what an origin sends after its last reset is in'
edge=$scratch/paged.db
{ printf '{"after":0,"events":[%s],"last_id":1,"more":true}\n{"after":1,"reset":{"reason":"gone","oldest":5,"head":9},"events":[%s],"last_id":9,"more":false}\n' "$(row 1)" "$(row 8)"; } >"$scratch/said"
like "$(replicates)" "^79 .*can't continue from row 1: " 'a reset behind the first page of a log is an error'

# An origin that was restored, and has grown since
url=$from
edge=$scratch/returns.db
says 'batch=1000&after=0'
replicates >"$scratch/status"
at() { feeder -d "$edge" cursor --at; }
like "$(at)" "^$(cursor)&at=[0-9a-f]{16}\$" 'cursor --at prints the id and the hash of the newest row'
is "$(feeder -d "$scratch/none.db" cursor --at)" 0 'cursor --at prints 0 without a database'
feeder -q -d "$db" backup "$scratch/older.db"
sql $'INSERT INTO match_events(match_id, type, data) VALUES (\'m1\', \'x\', \'{"a":\n1}\')'
says "batch=1000&after=$(at)"
is "$(replicates)" '0 ' 'an origin continues a log whose newest row it has'
says "batch=1000&after=$(at)"
is "$(replicates)" '0 ' 'a replica of rows with line ends has the newest row of its origin'
sqlite3 -bail "$db" ".timeout ${PATIENCE}000" ".restore '$scratch/older.db'"
feeder -q -d "$db" add m1 goal '{"team":"away"}' >"$scratch/id"
feeder -q -d "$db" add m1 goal '{"team":"away"}' >"$scratch/id"
says "batch=1000&after=$(at)"
like "$(replicates)" '^79 .*"changed"' 'an origin that has grown beyond the newest row of a replica with other rows does not continue it'
no_crash
done_testing
