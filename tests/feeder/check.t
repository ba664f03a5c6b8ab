#!/bin/bash
# feeder check: it finds what is wrong, names the remedy, and --repair helps; all is well otherwise.
. tests/lib/lib.sh
need sqlite3 curl

fresh() {
    rm -f "$db"*
    feeder -q -d "$db" init
    feeder -q -d "$db" load tests/data/matches.json
}
# check [OPTION...] - the findings, and the exit code
check() { feeder -q -d "$db" check "$@" 2>&1; echo $?; }
# finds NAME PATTERN [OPTION...] - exactly one finding like that
finds() {
    local name=$1 pattern=$2
    shift 2
    like "$(check "$@")" "^$db$pattern"$'\n65$' "$name"
}
# repairs NAME - --repair says the same, and then there is nothing
repairs() {
    check --repair >/dev/null
    is "$(check)" 0 "$1"
}

fresh
is "$(check)" 0 'a database that was just loaded has no findings'
is "$(feeder -d "$db" check 2>&1)" "feeder: $db: 0 findings, 0 repaired" 'check says how many findings there are'
before=$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)

sql "UPDATE matches SET home_score = 9 WHERE match_id = 'friendly-01'"
finds 'a score that was written by hand' ': the state of 1 match is not what the log says, such as friendly-01: --repair rebuilds it'
is "$(feeder -d "$db" check --repair 2>&1 >/dev/null; echo $?)" "feeder: $db: 0 findings, 1 repaired
0" '--repair says that it is repaired'
is "$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)" "$before" '--repair brings the state back'
sql "DELETE FROM matches WHERE match_id >= 'friendly-02'"
finds 'matches that are missing' ': the state of 2 matches is not what the log says, such as friendly-02.*'
repairs '--repair makes missing matches again'
sql "INSERT INTO matches(match_id, message_id, message, updated_at) VALUES ('ghost', 999, '{}', '')"
finds 'a match that no message tells of' ': the state of 1 match .*such as ghost.*'
repairs '--repair removes a match that no message tells of'
sql 'DELETE FROM match_events WHERE id <= 200'
state=$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)
is "$(check)" 0 'matches whose messages were pruned are in order'
sql "UPDATE matches SET status = 'x' WHERE message_id > 200"
check --repair >/dev/null
is "$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)" "$state" '--repair keeps matches whose messages were pruned'
sql "DELETE FROM meta"
finds 'a log of which it is not known how far it was pruned' ': how far the log was pruned is not known: --repair.*'
repairs '--repair says that a log was pruned up to its first row'
is "$(sql 'SELECT value FROM meta')" 200 'the id that a log was pruned up to is the one before its first row'

fresh
sql 'DROP VIEW cards; CREATE VIEW cards AS SELECT 1'
finds 'a view that was changed' ": view cards is not the schema's: --repair makes it anew"
repairs '--repair makes a view anew'
sql 'DROP TRIGGER match_events_project; DROP INDEX match_events_by_type'
message m9 1 0
like "$(check)" 'index match_events_by_type is missing.*trigger match_events_project is missing.*the state of 1 match is not.*65$' 'triggers and indexes that are missing are found, and what was missed without them'
repairs '--repair makes triggers, indexes and the state anew'
is "$(sql "SELECT home_score FROM matches WHERE match_id = 'm9'")" 1 '--repair takes up what was missed without triggers'
sql "CREATE TABLE mine(x); CREATE TRIGGER mine_live AFTER INSERT ON mine BEGIN
     INSERT INTO match_events(match_id, type, data) VALUES ('mine', 'row', json_object('x', NEW.x)); END"
is "$(check)" 0 "tables and triggers of one's own are no finding"
sql 'ALTER TABLE meta ADD COLUMN more TEXT'
finds 'a table that was changed' ": table meta is not the schema's: restore a backup"

fresh
sql 'PRAGMA journal_mode = DELETE' >/dev/null
finds 'another journal mode' ": in journal mode delete, .*'PRAGMA journal_mode = WAL' in sqlite3"
fresh
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
printf '%4096s' '' | dd of="$db" bs=4096 seek="$(sql "SELECT rootpage - 1 FROM sqlite_schema WHERE name = 'match_events_by_match'")" conv=notrunc status=none
like "$(check)" "$db: .*restore a backup" 'damage is found'
is "$(check | tail -1)" 65 'damage is exit code 65'

# A reader that does not end
fresh
mkfifo "$scratch/hold"
start sh -c 'exec sqlite3 "$0" <"$1" >"$2" 2>&1' "$db" "$scratch/hold" "$scratch/held"
reader=$!
exec 3>"$scratch/hold"
echo 'BEGIN; SELECT count(*) FROM match_events;' >&3
eventually test -s "$scratch/held"
message m1 1 0
finds 'a reader that keeps the -wal from being emptied' "-wal: [0-9]+ of [0-9]+ pages can't be moved into the database: process $reader is in a transaction: end that"
exec 3>&-
eventually ended $reader
is "$(check)" 0 'a reader that has ended keeps nothing'

# The service's files
serve || exit
stream live "$url/livescore"
eventually shows live '^id:'
is "$(check)" 0 'a service at work has no findings'
poller=$(feeder -d "$db" status --json | grep -o '"poller":[0-9]*' | cut -d : -f 2)
kill -STOP "$poller"
stopped() { [[ $(check) == *"$db-ring: process $poller is the one that polls, and gives no sign of life: 'kill -CONT $poller'"*65 ]]; }
eventually stopped; ok $? 'a poller that is stopped is found'
kill -CONT "$poller"
kill "$service"
eventually ended "$service"
rm -f "$db-ring" "$db-bell"
echo text | tee "$db-ring" >"$db-bell"
is "$(check)" "$db-ring: not a ring: delete it, and the service makes one
$db-bell: not a FIFO: delete it, and the service makes one
65" 'files that are not its own are found'

# The service's user
like "$(feeder -d "$db" check --user no-such-user 2>&1; echo $?)" 'no-such-user: there is no such user.*67$' 'a user that is none'
if [ "$(id -u)" = 0 ]; then
    home=$scratch/home
    mkdir "$home"
    db=$home/live.db
    fresh
    rm -f "$db-ring" "$db-bell"
    chmod 755 "$scratch"
    chown nobody "$home" "$db"*
    chmod 700 "$home"
    is "$(check --user nobody)" 0 'a user that owns folder and files may do all'
    chown root "$home" "$db"*
    like "$(check --user nobody)" "^$home: nobody may not look into it: 'chmod a\\+x $home'.*$home: nobody may not make $db-ring in it.*65\$" 'one that may not enter the folder'
    chmod 755 "$home"
    chgrp nogroup "$home"
    chmod 775 "$home"
    is "$(check --user nobody)" 0 'a user whose group may write to the folder may do all'
    chmod 600 "$db" "$db-wal"
    is "$(check --user nobody)" "$db: nobody may not read it: 'chgrp nogroup $db' and 'chmod g+r $db'
$db-wal: nobody may not read it: 'chgrp nogroup $db-wal' and 'chmod g+r $db-wal'
65" 'one that may not read the database'
    chgrp nogroup "$db" "$db-wal"
    chmod g+r "$db" "$db-wal"
    is "$(check --user nobody)" 0 'the remedy helps'
    may="$db: nobody may write to it, and who serves only has to read"
    chmod g+w "$db"
    is "$(check --user nobody)" "$may: give it the group of those who write, with 'chgrp', or 'chmod g-w' it
65" 'one that may write to the database, by its group'
    chmod g-w,o+rw "$db"
    is "$(check --user nobody)" 0 "a user's group decides, before all others"
    chgrp root "$db"
    is "$(check --user nobody)" "$may: 'chmod o-w' it
65" 'a user that may write to the database as everybody is found'
    chmod o= "$db"
    chown nobody "$db"
    is "$(check --user nobody)" 0 'the owner is meant to do both'
    chmod g+s "$home"
    is "$(check --user nobody)" "$may: give it to the user that writes, with 'chown'
65" 'an owner that may write, in a folder that two users share, is found'
    chmod g-s "$home"
    chown root:nogroup "$db"
    serve || exit
    stream live "$url/livescore"
    eventually shows live '^id:'
    ln "$db-ring" "$scratch/other"
    like "$(check --user nobody)" "$db-ring: not a ring.*65\$" 'a ring that has another name too'
    rm "$scratch/other"
    chmod 644 "$db-ring"
    like "$(check --user nobody)" "$db-ring: nobody may not write it: .*g\\+rw.*65\$" 'one that may not write the ring'
else
    ok 0 'users # SKIP needs root'
fi
like "$(feeder -d "$scratch/no.db" check 2>&1; echo $?)" 'no such file.*66$' 'check of no database says so'
no_crash
done_testing
