#!/bin/bash
# Trouble with the database: missing, foreign, damaged, locked, replaced, deleted, hostile.
# The answer is 503 with a reason, or an error in the stream; never a crash or a hang.
# tags: sanitized

. tests/lib/lib.sh
need curl jq python3

# by_pipe NAME PATH - one request; $status is its status, $code livescore's exit code
by_pipe() {
    printf 'GET %s HTTP/1.0\r\n\r\n' "$2" | timeout -k 1 "$PATIENCE" livescore -d "$db" --max-stream 1s >"$scratch/$1" 2>"$scratch/$1.log"
    code=$?
    status=$(head -1 "$scratch/$1" | cut -d ' ' -f 2)
}

# unavailable WHAT CODE REASON LOG - all routes that read the database answer 503, with that reason
unavailable() {
    local path
    for path in /livescore '/livescore?format=json' /matches /healthz; do
        by_pipe answer "$path"
        is "$status $code" "503 $2" "$1: $path is 503, and exits with $2"
        like "$(tail -1 "$scratch/answer")" "\"detail\":\".*$3" "$1: the answer to $path says why"
        like "$(head -1 "$scratch/answer.log")" "^livescore: $db: .*$4" "$1: the log of $path says more, and where"
    done
    like "$(cat "$scratch/answer")" 'Retry-After: [0-9]' "$1: a 503 says when to come back"
    unlike "$(cat "$scratch/answer")" "$scratch" "$1: a stranger does not learn the path"
    unlike "$(cat "$scratch/answer.log")" 'Sanitizer|runtime error' "$1: no process crashes"
}

db=$scratch/missing.db
unavailable 'no database' 66 missing "feeder -d $db init"
[ ! -e "$db" ]; ok $? 'a missing database is not created'

db=$scratch/empty.db
: >"$db"
unavailable 'an empty file' 78 'this version of livescore' 'init'

db=$scratch/foreign.db
sqlite3 "$db" 'CREATE TABLE match_events(id)'
unavailable 'a foreign database' 78 'this version of livescore' 'another program'

db=$scratch/newer.db
make_db
sqlite3 "$db" 'PRAGMA user_version = 99'
unavailable 'a database of a later version' 78 'this version of livescore' 'newer livescore'

db=$scratch/text.db
seq 10000 >"$db"
unavailable 'a file of text' 65 'not a database' 'not an SQLite database'

db=$scratch/folder
mkdir "$db"
unavailable 'a folder' 66 'not accessible' 'a folder'

# Damage: noise after the first page.
db=$scratch/damaged.db
make_db
for i in 1 2 3; do message "m$i" 1 0; done
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
for page in $(seq 1 $(($(stat -c %s "$db") / 4096 - 1))); do
    printf '%4096s' '' | tr ' ' '\377' | dd of="$db" bs=4096 seek="$page" conv=notrunc status=none
done
for path in /livescore '/livescore?after=0' '/livescore?format=json' /matches /healthz; do
    by_pipe answer "$path"
    is "$status $code" '503 65' "a damaged database makes $path 503, and exits with 65"
done
like "$(head -1 "$scratch/answer.log")" 'damaged.*restore a backup' 'the log says what to do with a damaged database'

# A schema whose query never ends.
db=$scratch/hostile.db
sqlite3 "$db" "PRAGMA journal_mode = WAL; PRAGMA application_id = 0x4C535652; PRAGMA user_version = 1;
CREATE TABLE meta(key, value);
CREATE VIEW match_events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT -i AS id, 'm' AS match_id, 'message' AS type, '{}' AS data, '' AS created_at FROM n;
CREATE VIEW matches AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT 'm' AS match_id, '' AS home_team, '' AS away_team, 0 AS home_score, 0 AS away_score, '' AS clock,
           '' AS status, -i AS message_id, '{}' AS message, '' AS updated_at FROM n;
CREATE VIEW match_states AS SELECT 'm' AS match_id, 'live' AS state" >"$scratch/ignored"
i=0
for path in /livescore '/livescore?format=json' /matches /healthz; do
    i=$((i + 1))
    (by_pipe "hostile$i" "$path"; echo "$status $code" >"$scratch/hostile$i.status") &
    hostile[i]=$!
done
wait "${hostile[@]}"
for i in 1 2 3 4; do
    is "$(cat "$scratch/hostile$i.status")" '503 75' 'a query that never ends is aborted'
done

# Locks.
db=$scratch/locked.db
make_db
message m1 1 0
exec 6> >(sqlite3 "$db" >"$scratch/locker")
locker=$!
echo 'BEGIN EXCLUSIVE; SELECT 1;' >&6
eventually shows locker 1
by_pipe answer '/livescore?after=0'
is "$status $(grep -c '^id' "$scratch/answer")" '200 1' 'a writer in the middle of a transaction delays no reader'
exec 6>&-
wait "$locker"
poller_gone() { [ -z "$(livescores "$db")" ]; }
eventually poller_gone; ok $? 'a poller that a request started ends soon after it'
exec 6> >(sqlite3 "$db" >"$scratch/locker")
locker=$!
echo 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 1;' >&6
eventually shows locker '^1'
by_pipe answer /livescore
is "$status $code" '503 75' 'a request during an exclusive lock gets 503'
like "$(tail -1 "$scratch/answer")" 'locked' 'a 503 says that the database is locked'
exec 6>&-
wait "$locker"
by_pipe answer '/livescore?after=0'
is "$status" 200 'a database is served again after the writer that locked it has ended'

# Replaced during a stream.
db=$scratch/live.db
make_db
for i in 1 2 3; do message m1 $i 0; done
serve || exit
stream kept "$url/livescore?after=0"
eventually shows kept '^id: 3'
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
replica=$scratch/replica.db
sql "VACUUM INTO '$replica'"
sqlite3 "$replica" "PRAGMA journal_mode = WAL; INSERT INTO match_events(match_id, data) VALUES ('m1', '{\"from\":\"replica\"}')" >"$scratch/ignored"
sqlite3 "$replica" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/ignored"
mv "$replica" "$db"
eventually shows kept '^id: 4'; ok $? 'a stream goes on from its cursor in a database that replaces the other'
is "$(sed -n 's/^id: //p' "$scratch/kept" | tr '\n' ' ')" '1 2 3 4 ' 'a stream whose database is replaced has each row once'
message m1 5 0
eventually shows kept '^id: 5'; ok $? 'a stream has the rows that come to the database that replaced the other'
other=$scratch/other.db
sqlite3 "$other" <sql/schema.sql >"$scratch/ignored"
sqlite3 "$other" "INSERT INTO match_events(match_id, data) VALUES ('n1', '{\"from\":\"another\"}')"
sqlite3 "$other" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/ignored"
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
mv "$other" "$db"
eventually shows kept '"reason":"ahead","oldest":1,"head":1'; ok $? 'a database that cannot continue a stream resets it'
eventually shows kept '"from":"another"'; ok $? 'the snapshot after a reset is of the new database'
message n1 6 0
eventually shows kept '^id: 2'; ok $? 'a stream that was reset follows the new database'

# Absent for a moment, and for good.
mkdir "$scratch/aside"
mv "$db" "$db-wal" "$db-shm" "$scratch/aside"
is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' "$url/healthz")" 503 '/healthz answers 503 without a database'
mv "$scratch/aside/"* "$scratch/"
message n1 7 0
eventually shows kept '^id: 3' 2; ok $? 'a stream survives a short absence of its database'
ended "$client"; [ $? -ne 0 ]; ok $? 'a stream whose database was gone for a moment keeps its connection'
rm "$db" "$db-wal" "$db-shm"
eventually ended "$client"; ok $? 'a stream whose database does not come back ends'
is "$(tail -3 "$scratch/kept" | tr '\n' '|')" 'event: error|data: {"status":503,"detail":"the database is missing or not accessible"}||' 'a stream whose database is gone ends with an error that says why'
no_crash

# A folder that only root may write to.
if [ "$(id -u)" = 0 ]; then
    mkdir "$scratch/closed"
    chmod 755 "$scratch" "$scratch/closed"
    feeder -q -d "$scratch/closed/live.db" init
    rm "$scratch/closed/live.db-wal" "$scratch/closed/live.db-shm"
    like "$(setpriv --reuid=61234 --regid=61234 --clear-groups "$bin/livescore" -d "$scratch/closed/live.db" <<<$'GET /livescore HTTP/1.0\r\n\r' 2>&1 >"$scratch/ignored"; echo $?)" \
        'live.db-wal: missing, and no permission to create it: run .*77$' 'a database without a -wal, where none can be made, is refused with 77'
fi
done_testing
