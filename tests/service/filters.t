#!/bin/bash
# The rows of a request for matches, types, a number or an age of rows: the same by whatever index they are
# found, and found without reading all others.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 curl jq python3

# both QUERY CONDITION - pages and stream have the rows of that SQL condition
both() {
    local expected got
    expected=$(sql "SELECT group_concat(id, ' ') FROM (SELECT id FROM match_events WHERE $2 ORDER BY id)")
    got=$(python3 tests/lib/ids.py "$port" "$1"; echo end)
    [ "$got" = "$expected"$'\n'"$expected"$'\n'end ]
    ok $? "$1 brings the rows that it names" || diag "expected $(wc -w <<<"$expected"), got $(sed -n 1p <<<"$got" | wc -w), $(sed -n 2p <<<"$got" | wc -w)"
}
# ids QUERY - a line for each id
ids() { python3 tests/lib/ids.py "$port" "$1" | sed -n 1p | tr ' ' '\n' | sed '/^$/d'; }

# 50 matches, of which one has most rows; five types.
make_db
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
     INSERT INTO match_events(match_id, type, data, created_at)
     SELECT CASE WHEN i % 3 THEN 'a-hot' ELSE printf('cup-%02d', i % 49) END,
            CASE i % 11 WHEN 1 THEN 'goal' WHEN 2 THEN 'var' WHEN 3 THEN 'corner' ELSE 'message' END, json_array(i),
            strftime('%Y-%m-%dT%H:%M:%fZ', 'now', (i - 12000) || ' seconds') FROM n;
     INSERT INTO match_events(match_id, type, data) VALUES ('cup-0', 'red-card', '{}'), ('Cup-01', 'goal', '{}'), ('a*b', 'goal', '{}'), ('q\"\\', 'goal', '{}')"
serve || exit

both 'after=0&match=cup-07' "match_id = 'cup-07'"
both 'after=0&match=a-hot,cup-07,none' "match_id IN ('a-hot', 'cup-07')"
both 'after=5000&match=cup-0*' "match_id GLOB 'cup-0*' AND id > 5000"
both 'after=0&match=cup-*' "match_id GLOB 'cup-*'"
both 'after=0&match=cup-1*,cup-12,cup-*&type=goal' "match_id GLOB 'cup-*' AND type = 'goal'"
both 'after=0&match=c*,cu*,cup*,cup-*' "match_id GLOB 'cup-*'"
both 'after=0&match=*&type=corner' "type = 'corner'"
both 'after=0&match=a*' "match_id GLOB 'a*'"
both 'after=0&match=a*b' "match_id = 'a*b'"
both 'after=0&match=%22*,q%22%5C' "match_id = 'q\"\\'"
both 'after=0&type=goal,red-card' "type IN ('goal', 'red-card')"
both 'after=0&type=message,red-card&match=cup-0,cup-10' "match_id IN ('cup-0', 'cup-10') AND type IN ('message', 'red-card')"
both 'after=0&type=none' 'false'
both 'after=0&match=none*' 'false'

# newest N CONDITION
newest() { echo "id IN (SELECT id FROM match_events WHERE $2 ORDER BY id DESC LIMIT $1)"; }
both 'last=5' "$(newest 5 true)"
both 'last=1000' "$(newest 1000 true)"
both 'last=3&type=goal' "$(newest 3 "type = 'goal'")"
both 'last=7&match=cup-07,cup-08' "$(newest 7 "match_id IN ('cup-07', 'cup-08')")"
both 'last=7&match=cup-07&type=goal,var' "$(newest 7 "match_id = 'cup-07' AND type IN ('goal', 'var')")"
both 'last=20&match=cup-*&type=goal' "$(newest 20 "match_id GLOB 'cup-*' AND type = 'goal'")"
both 'last=600&match=c*,cu*,cup*,cup-*' "$(newest 600 "match_id GLOB 'cup-*'")"
both 'last=1000&match=cup-48' "match_id = 'cup-48'"
both 'lastEventID=11990' 'id > 11990'
for bad in last=0 last=1001 last= last=x last=-1 since= since=x since=-1s since=1w since=1001d; do
    is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' "$url/livescore?$bad")" 400 "$bad is refused"
done
since() { sql "SELECT count(*) FROM match_events WHERE created_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-$1')"; }
before=$(since '600 seconds')
got=$(ids since=10m | wc -l)
after=$(since '600 seconds')
[ "$got" -le "$before" ] && [ "$got" -ge "$after" ]; ok $? 'since=10m brings the rows of the last ten minutes' || diag "$before $got $after"
is "$(ids since=1000d | wc -l)" 12004 'since=1000d brings all of a log that is younger'
is "$(ids since=0s | wc -l)" 0 'since=0s brings only new rows'
is "$(curl -s -m "$PATIENCE" "$url/livescore?last=3&format=json" -H 'Last-Event-ID: 12003' | jq -c '[.events[].id]')" '[12004]' 'a client that reconnects continues from its cursor, wherever its URL begins'

# The snapshot of matches by prefix.
is "$(ids 'match=cup-0*' | wc -l)" "$(sql "SELECT count(*) FROM matches WHERE match_id GLOB 'cup-0*'")" 'a prefix of ids selects its matches in the snapshot'
is "$(ids 'match=cup-0*,cup-01,cup-48' | wc -l)" "$(sql "SELECT count(*) FROM matches WHERE match_id GLOB 'cup-0*' OR match_id = 'cup-48'")" 'a match that is named twice is in the snapshot once'
sql "INSERT INTO match_events(match_id, data) SELECT 'snap-' || value, '{}' FROM generate_series(1, 300)"
is "$(ids 'match=snap-*' | wc -l) $(ids 'match=snap-*' | head -1)" '256 12049' 'the snapshot of a prefix of ids has the 256 matches that were updated last'

# Query plans.
plan() { { echo '.parameter init'; echo "EXPLAIN QUERY PLAN"; cat "sql/service/$1.sql"; } | sqlite3 "$db"; }
for statement in rows rows_brief rows_of_match rows_of_matches rows_of_types row last since snapshot snapshot_of_matches; do
    unlike "$(plan $statement)" 'SCAN (match_events|matches)' "$statement.sql scans no table"
done
page() { curl -s -m "$PATIENCE" "$url/livescore?format=json&$1" | jq -c '[(.events | length), .last_id, .more]'; }
is "$(page 'after=0&type=red-card,message&match=*')" "$(sql "SELECT json_array(sum(type = 'message'), 1000, json('true')) FROM match_events WHERE id <= 1000")" 'a page ends after 1000 examined rows'
is "$(page 'after=0&type=red-card')" '[1,12304,false]' 'a page examines no row that an index excludes'

# A client that hangs up during a request.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
     INSERT INTO match_events(match_id, type, data) SELECT 'long', iif(i = 1, 'red-card', 'corner'), '[]' FROM n;
     INSERT INTO match_events(match_id, type, data) VALUES ('long', 'red-card', '{}')"
printf 'GET /livescore?after=0&type=message,none&match=long HTTP/1.1\r\nHost: a\r\n\r\n' >"$scratch/request"
kill -STOP "$service" # until the client has left: or a fast service could be at the end by then
python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(open(sys.argv[2], "rb").read())
s.close()' "$port" "$scratch/request"
kill -CONT "$service"
hung_up() { tail -1 "$scratch/service.log" | grep -q 'why=client-closed'; }
eventually hung_up
last_id=$(tail -1 "$scratch/service.log" | sed 's/.*last_id=\([0-9]*\).*/\1/')
[ "$last_id" -lt 100000 ]; ok $? 'a stream whose filter admits nothing ends soon after its client hangs up' || diag "at $last_id"

# More rows than a search for the newest ones looks at, and one of two in them.
both 'last=5&type=red-card' "id = 212305"
both 'last=5&match=long&type=red-card' "id = 212305"
no_crash
done_testing
