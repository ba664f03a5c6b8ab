#!/bin/bash
# feeder upgrade: databases of every earlier version, stored as SQL, become the current version in one step
# while the service serves them; earlier writers are told what to do.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 curl jq

make_db
schema() { sqlite3 "$1" "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"; }
schema "$db" >"$scratch/new.schema"
words() { sqlite3 "$1" 'SELECT * FROM statuses ORDER BY word'; }
words "$db" >"$scratch/new.words"
version=$(sql 'PRAGMA user_version')

# older VERSION - $db is a database of it, with three matches
older() {
    db=$scratch/version-$1.db
    rm -f "$db"*
    sqlite3 -bail "$db" <"tests/fixtures/schema/$1.sql" >/dev/null
    message m1 1 0
    sql "INSERT INTO match_events(match_id, data) VALUES ('m2', '{\"home_team\":\"C\",\"away_team\":\"D\",\"score\":{\"home\":0,\"away\":0},
         \"time\":\"\",\"status\":\"Postponed\",\"competition\":\"Cup\",\"season\":2026,\"starts_at\":\"2026-11-28T18:30:00+01:00\"}');
         INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '{\"team\":\"home\",\"player\":\"P\"}');
         DELETE FROM match_events WHERE id = 1"
}
log() { sql 'SELECT * FROM match_events; SELECT match_id, home_team, away_team, home_score, away_score, clock, status, message_id, message, updated_at FROM matches; SELECT * FROM meta; SELECT * FROM sqlite_sequence' | cksum; }
upgrade() { feeder -d "$db" upgrade 2>&1; echo $?; }

for file in tests/fixtures/schema/*.sql; do
    old=$(basename "$file" .sql)
    older "$old"
    before=$(log)
    for command in 'add m1 goal {}' 'void 3' 'load tests/fixtures/feeder/match.json' 'prune --keep-last 1' check init; do
        # shellcheck disable=SC2086 # words
        like "$(feeder -d "$db" $command 2>&1; echo $?)" "^feeder: $db: made by an older livescore: run 'feeder -d $db upgrade' before writing to it.78\$" \
            "version $old: feeder ${command%% *} says what to do"
    done
    is "$(log) $(feeder -q -d "$db" status --json | jq .schema)" "$before $old" "version $old: refused commands change nothing, and status tells the version"
    feeder -q -d "$db" backup "$scratch/backup-$old.db"
    is $? 0 "version $old: backup copies the database"
    serve || exit
    is "$(get '/livescore?format=json&after=1' | jq -c '[.events[].id]') $(get /matches | jq '.matches | length')" '[2,3] 2' "version $old: the database is served"
    like "$(get / -H 'Accept: text/html')" "The scores can't be read" "version $old: the page says that it has no scores yet"
    is "$(get /tables | jq -r .detail)" "this version of livescore can't read the database" "version $old: the answer to a request that needs more of the schema says why"
    like "$(cat "$scratch/service.log")" "no such .*: 'feeder -d $db upgrade'" "version $old: the log says what to do about such a request"
    stream rows "$url/livescore?after=2"
    eventually shows rows '^id: 3'
    exec 3> >(sqlite3 "$db" >"$scratch/writer" 2>&1)
    writer=$!
    echo "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'var', '{}') RETURNING 'in';" >&3
    eventually shows writer in
    is "$(upgrade)" "feeder: $db: upgraded to schema $version
0" "version $old: upgrade brings it up while a writer has it open, and a client follows"
    echo "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'var', '{}') RETURNING 'again';" >&3
    eventually shows rows "^id: 5"; ok $? "version $old: the stream goes on"
    exec 3>&-
    wait "$writer"
    schema "$db" | cmp - "$scratch/new.schema"; ok $? "version $old: an upgraded database has the schema of a new one"
    words "$db" | cmp - "$scratch/new.words"; ok $? "version $old: an upgraded database has the statuses of a new one"
    is "$(sql "SELECT competition, season, starts_at, state FROM matches JOIN match_states USING (match_id) WHERE match_id = 'm2'")" \
        'Cup|2026|2026-11-28T17:30:00Z|off' "version $old: what the messages told already is in the new columns"
    is "$(sql 'DELETE FROM match_events WHERE id > 3; PRAGMA integrity_check'; feeder -d "$db" check 2>&1)" "ok
feeder: $db: 0 findings, 0 repaired" "version $old: an upgraded database is whole"
    is "$(upgrade)" "feeder: $db: already has schema $version
0" "version $old: a second upgrade does nothing"
    sql 'DROP INDEX matches_by_day; DROP INDEX match_events_by_void'
    feeder -q -d "$db" upgrade
    schema "$db" | cmp - "$scratch/new.schema"; ok $? "version $old: upgrade adds indexes that a database of this version lacks"
    is "$(feeder -d "$db" add m1 goal '{"team":"home"}')" 6 "version $old: an upgraded database can be written"
    stop_service
done
[ "$(ls tests/fixtures/schema | sort -n | tail -1)" = "$((version - 1)).sql" ]
ok $? 'a fixture of every earlier version is tested'

# Killed in the middle, it is done or not begun
older 1
sql "CREATE TABLE big(x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO big SELECT i FROM n"
for _ in 1 2 3 4 5 6; do
    feeder -q -d "$db" upgrade & pid=$!
    sleep 0.0$((RANDOM % 3))
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    case $(sql 'PRAGMA user_version; SELECT count(*) FROM sqlite_schema WHERE name = '"'statuses'" | tr '\n' ' ') in
    '1 0 ' | "$version 1 ") ;;
    *) false ;;
    esac
    ok $? 'a kill leaves the old version or the new one'
done
feeder -q -d "$db" upgrade
is "$(sql 'PRAGMA user_version; SELECT count(*) FROM big')" "$version
500" 'tables of another program stay as they were over kills of upgrade'

db=$scratch/none.db
like "$(upgrade)" "no such file.*66\$" 'upgrade creates no database'
sqlite3 "$db" 'CREATE TABLE t(x)'
like "$(upgrade)" 'another program.*78$' 'a database of another program is refused'
db=$scratch/newer.db
make_db
sql "PRAGMA user_version = $((version + 1))"
like "$(upgrade)" 'newer livescore.*78$' 'a database of a newer version is refused'
no_crash
done_testing
