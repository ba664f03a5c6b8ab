#!/bin/bash
# Cursors that a log can or can't continue from, and the snapshot that a client gets
# if it can't.
# tags: sanitized

. tests/lib/lib.sh
need curl jq python3

reset_for() { sed -n 's/^data: \({"reason.*\)/\1/p' "$scratch/$1" | head -1; }
ids_in() { sed -n 's/^id: //p' "$scratch/$1" | tr '\n' ' '; }

# ask NAME QUERY [HEADER] - a stream that ends as soon as the client has all existing rows
ask() {
    printf 'GET /livescore%s HTTP/1.0\r\n%s\r\n' "$2" "${3:+$3$'\r\n'}" |
        python3 tests/lib/wire.py "$port" half - | tr -d '\r' >"$scratch/$1"
}

make_db
for i in 1 2 3 4 5; do message m1 $i 0; done
for i in 1 2 3 4 5; do message m2 $i 0; done
serve || exit

# The whole log: 1 to 10.
ask whole '?after=0'
is "$(ids_in whole)" '1 2 3 4 5 6 7 8 9 10 ' 'after=0 brings the whole log if no row was deleted'
ask newest '?after=10'
is "$(reset_for newest)$(ids_in newest)" '10 ' 'the newest id is a good cursor'
ask ahead '?after=11'
is "$(reset_for ahead)" '{"reason":"ahead","oldest":1,"head":10}' 'a cursor one above the newest id is ahead'
is "$(ids_in ahead)" '5 10 ' 'the snapshot follows a reset'
ask largest '?after=9223372036854775807'
like "$(reset_for largest)" '"ahead"' 'the largest number is a cursor that is ahead'
for cursor in 9223372036854775808 -1 abc 1.5 '%20' 0x5; do
    ask invalid "?after=$cursor"
    is "$(reset_for invalid)" '{"reason":"invalid","oldest":1,"head":10}' "the cursor $cursor is reset as invalid"
done
ask header '' 'Last-Event-ID: ten'
like "$(reset_for header)" '"invalid"' 'a cursor in the header that is not a number is invalid'
is "$(ids_in header)" '5 10 ' 'the snapshot follows a reset for a cursor in the header'

# Pruning does not affect a stream that is up to date.
stream open "$url/livescore?after=latest"
eventually shows open '^id: 10'
sql 'DELETE FROM match_events WHERE id <= 4'
message m1 6 0
eventually shows open '^id: 11'; ok $? 'pruning rows that a stream has sent does not end it'
is "$(reset_for open)" '' 'pruning rows that a stream has sent does not reset it'

# Pruned up to 4.
ask edge '?after=4'
is "$(reset_for edge)$(ids_in edge)" '5 6 7 8 9 10 11 ' 'the last id that was pruned is a good cursor'
ask gone '?after=3'
is "$(reset_for gone)" '{"reason":"gone","oldest":5,"head":11}' 'a cursor one below the last id that was pruned is gone'
is "$(ids_in gone)" '10 11 ' 'the snapshot has the states of all matches, pruned or not'
ask beginning '?after=0'
like "$(reset_for beginning)" '"gone"' 'after=0 of a pruned log is gone'
is "$(ids_in beginning)" '4 5 6 7 8 9 10 11 ' 'after=0 of a pruned log brings the states of matches whose rows are gone, then all remaining rows'
ask none ''
is "$(reset_for none)" '' 'a stream without a cursor is not reset'
ask latest '?after=latest'
is "$(reset_for latest)$(ids_in latest)" '11 ' 'a stream with after=latest is not reset'
get '/livescore?format=json&after=3' >/dev/null
is "$(jq -c '[.reset.reason, .reset.oldest, (.events | map(.id)), .last_id]' "$scratch/body")" '["gone",5,[10,11],11]' 'JSON says that a cursor is gone, with the snapshot'
is "$(jq -c 'keys_unsorted[:3]' "$scratch/body")" '["after","reset","events"]' 'a JSON answer has the reset before the rows'
sql 'DELETE FROM match_events'
ask empty '?after=11'
is "$(reset_for empty)$(ids_in empty)" '11 ' 'an emptied log still knows its newest id'
message m3 0 0
eventually shows open '^id: 12'; ok $? 'an emptied log continues from its newest id'

# The snapshot is limited to the 256 most recently updated matches.
sql "INSERT INTO match_events(match_id, data) SELECT 'x' || value, '{}' FROM generate_series(1, 253)"
ask full ''
is "$(grep -c '^data' "$scratch/full")" 256 '256 matches are all in the snapshot'
is "$(ids_in full | cut -d ' ' -f 1-3)" '10 11 12' 'the oldest of 256 matches is in the snapshot'
message x254 0 0
# The poller shares a new snapshot after a moment; until then the new row follows the old one.
over_the_bound() { ask over ''; [ "$(grep -c '^data' "$scratch/over")" = 256 ]; }
eventually over_the_bound
is "$(grep -c '^data' "$scratch/over")" 256 'of 257 matches 256 are in the snapshot'
is "$(ids_in over | cut -d ' ' -f 1-2)" '11 12' 'the match whose last message is oldest is not among 256 of 257'
ask named '?match=m2'
is "$(ids_in named)" '10 266 ' 'a match beyond the 256 is in the snapshot of a client that requests it by id'

# A client that reads more slowly than the log is pruned.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
     INSERT INTO match_events(match_id, type, data) SELECT 'slow', 'var', json_object('x', printf('%.*c', 200000, 'x')) FROM n"
serve || exit
printf 'GET /livescore?after=12 HTTP/1.0\r\n\r\n' >"$scratch/request"
mkfifo "$scratch/wake"
start sh -c 'exec python3 tests/lib/wire.py "$1" late "$2/request" <"$2/wake" >"$2/slow"' sh "$port" "$scratch"
exec 7>"$scratch/wake"
eventually shows slow '^open'
# Whether the service's socket has enough unsent bytes (hexadecimal).
unsent() { awk -v port="$(printf ':%04X' "$port")" '$4 == "01" && substr($2, 9) == port && substr($5, 1, 8) > "00004000" { found = 1 } END { exit !found }' /proc/net/tcp; }
eventually unsent; ok $? 'a client that does not read leaves bytes unsent'
is "$(sql 'PRAGMA wal_checkpoint(TRUNCATE)')" '0|0|0' 'a client that does not read holds no read transaction: the WAL can be emptied'
sql 'DELETE FROM match_events WHERE id < 410'
exec 7>&-
has_snapshot() { [ "$(sed -n '/^event: reset/,$p' "$scratch/slow" | sed 1,2d | grep -c '^data')" -ge 256 ]; }
eventually has_snapshot
like "$(reset_for slow)" '"gone","oldest":410,"head":416' 'a slow client whose next rows are pruned gets a reset'
sed '/^event: reset/,$d' "$scratch/slow" | sed -n 's/^id: //p' >"$scratch/before"
is "$(tr '\n' ' ' <"$scratch/before")" "$(seq -s ' ' 13 "$(tail -1 "$scratch/before")") " 'the rows before the reset of a slow client have no gap'
[ "$(tail -1 "$scratch/before")" -lt 409 ]; ok $? 'a slow client gets rows up to the gap, then the reset'
is "$(sed -n '/^event: reset/,$p' "$scratch/slow" | sed 1,2d | grep -c '^data')" 256 'the snapshot follows the reset of a slow client'
no_crash
done_testing
