#!/bin/bash
# feeder check finds what is wrong and names the remedy, --repair repairs it, and a healthy database has no findings.
# tags: slow sanitized
LEAKS=0
. tests/lib/lib.sh
need sqlite3 curl

feeder -q -d "$scratch/loaded.db" init
feeder -q -d "$scratch/loaded.db" load tests/data/matches.json
fresh() {
    local suffix
    rm -f "$db"*
    for suffix in '' -wal -shm; do cp "$scratch/loaded.db$suffix" "$db$suffix"; done
}
# check [OPTION...] - the findings, and the exit code
check() { feeder -q -d "$db" check "$@" 2>&1; echo $?; }
# nothing_left [OPTION...] - the same by the released program, after a remedy
nothing_left() { "$released/feeder" -q -d "$db" check "$@" 2>&1; echo $?; }
# finds NAME PATTERN [OPTION...] - exactly one finding, which matches
finds() {
    local name=$1 pattern=$2
    shift 2
    like "$(check "$@")" "^$db$pattern"$'\n65$' "check finds $name"
}
# repairs NAME - --repair reports the same, and then there are no findings
repairs() {
    check --repair >/dev/null
    is "$(nothing_left)" 0 "$1"
}

fresh
is "$(check)" 0 'a database that was just loaded has no findings'
is "$(feeder -d "$db" check 2>&1)" "feeder: $db: 0 findings, 0 repaired" 'check says how many findings there are'
before=$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)

sql "UPDATE matches SET home_score = 9 WHERE match_id = 'friendly-01'"
finds 'a score that was written by hand' ': the state of 1 match differs from the log, such as friendly-01: --repair rebuilds it'
is "$(feeder -d "$db" check --repair 2>&1 >/dev/null; echo $?)" "feeder: $db: 0 findings, 1 repaired
0" '--repair says that it is repaired'
is "$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)" "$before" '--repair brings the state back'
sql "DELETE FROM matches WHERE match_id >= 'friendly-02'"
finds 'matches that are missing' ': the state of 2 matches differs from the log, such as friendly-02.*'
repairs '--repair makes missing matches again'
sql "INSERT INTO matches(match_id, message_id, message, updated_at) VALUES ('ghost', 999, '{}', '')"
finds 'a match without a message' ': the state of 1 match .*such as ghost.*'
repairs '--repair removes a match without a message'
sql 'DELETE FROM match_events WHERE id <= 200'
state=$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)
is "$(check)" 0 'matches whose messages were pruned are in order'
sql "UPDATE matches SET status = 'x' WHERE message_id > 200"
check --repair >/dev/null
is "$(sql 'SELECT * FROM matches ORDER BY match_id' | cksum)" "$state" '--repair keeps matches whose messages were pruned'
sql "DELETE FROM meta"
finds 'a log of which it is not known how far it was pruned' ': how far the log was pruned is unknown: --repair.*'
repairs '--repair says that a log was pruned up to its first row'
is "$(sql 'SELECT value FROM meta')" 200 'the id that a log was pruned up to is the one before its first row'

fresh
sql 'DROP TABLE matches'
like "$(feeder -d "$db" upgrade 2>&1)" "no such table: .*matches: 'feeder check' finds what is missing" 'an error about a missing table says what finds it'
finds 'a table that is missing' ': table matches is missing: restore a backup'
fresh
sql 'DROP VIEW cards; CREATE VIEW cards AS SELECT 1'
finds 'a view that was changed' ": view cards differs from the schema: --repair recreates it"
repairs '--repair recreates a view'
sql 'DROP TRIGGER match_events_project; DROP INDEX match_events_by_type'
message m9 1 0
like "$(check)" 'index match_events_by_type is missing.*trigger match_events_project is missing.*the state of 1 match differs.*65$' 'check finds missing triggers and indexes, and the state that missed rows without them'
repairs '--repair recreates triggers, indexes and the state'
is "$(sql "SELECT home_score FROM matches WHERE match_id = 'm9'")" 1 '--repair includes rows inserted without triggers'
sql "CREATE TABLE mine(x); CREATE TRIGGER mine_live AFTER INSERT ON mine BEGIN
     INSERT INTO match_events(match_id, type, data) VALUES ('mine', 'row', json_object('x', NEW.x)); END"
is "$(check)" 0 "additional tables and triggers are not a finding"
sql 'ALTER TABLE meta ADD COLUMN more TEXT'
finds 'a table that was changed' ": table meta differs from the schema: restore a backup"
fresh
sqlite3 -cmd '.dbconfig defensive off' "$db" "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT, ', '') WHERE name = 'meta'" >"$scratch/defensive"
finds 'a table that is not STRICT' ": table meta differs from the schema: restore a backup"

fresh
sql 'PRAGMA journal_mode = DELETE' >/dev/null
finds 'another journal mode' ": in journal mode delete, .*'PRAGMA journal_mode = WAL' in sqlite3"
fresh
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
printf '%4096s' '' | dd of="$db" bs=4096 seek="$(sql "SELECT rootpage - 1 FROM sqlite_schema WHERE name = 'match_events_by_match'")" conv=notrunc status=none
like "$(check)" "$db: .*restore a backup" 'damage is found'
is "$(check | tail -1)" 65 'damage is exit code 65'

# A reader that never ends
fresh
mkfifo "$scratch/hold"
start sh -c 'exec sqlite3 "$0" <"$1" >"$2" 2>&1' "$db" "$scratch/hold" "$scratch/held"
reader=$!
exec 3>"$scratch/hold"
echo 'BEGIN; SELECT count(*) FROM match_events;' >&3
eventually test -s "$scratch/held"
message m1 1 0
finds 'a reader that keeps the -wal from being emptied' "-wal: [0-9]+ of [0-9]+ pages can't be moved into the database: process $reader is in a transaction: end it"
exec 3>&-
eventually ended $reader
is "$(check)" 0 'a reader that has ended does not hold the -wal'

# The service's files
serve || exit
stream live "$url/livescore"
eventually shows live '^id:'
is "$(check)" 0 'a service at work has no findings'
poller=$(feeder -d "$db" status --json | grep -o '"poller":[0-9]*' | cut -d : -f 2)
supervisor=$(parent_of "$poller")
kill -STOP "$supervisor" "$poller" # or it would be replaced
stopped() { [[ $(check) == *"$db-ring: the poller, process $poller, shows no sign of life: 'kill -CONT $poller'"*65 ]]; }
eventually stopped; ok $? 'a poller that is stopped is found'
kill -CONT "$poller" "$supervisor"
kill "$service"
eventually ended "$service"
rm -f "$db-ring" "$db-bell"
echo text | tee "$db-ring" >"$db-bell"
is "$(check)" "$db-ring: not a ring: delete it, and the service creates a new one
$db-bell: not a FIFO: delete it, and the service creates a new one
65" 'a ring and a bell of another kind are found'
rm "$db-ring" "$db-bell"
ln -s /etc/passwd "$db-bell"
ln -sf /etc/passwd "$db-queue"
is "$(check)" "$db-bell: not a FIFO: delete it, and the service creates a new one
$db-queue: not a file: delete it, and writers create a new one
65" 'no remedy for a link would change the owner of its target'
rm "$db-bell" "$db-queue"

# The service's user
like "$(feeder -d "$db" check --user no-such-user 2>&1; echo $?)" "no-such-user: no such user: 'systemd-sysusers' .*67\$" 'a missing user is named, and what creates the users of livescore'
if [ "$(id -u)" = 0 ]; then
    home=$scratch/home
    install -d -m 750 -o daemon -g nogroup "$home"
    chmod 711 "$scratch"
    db=$home/live.db
    # mine SUFFIX... - gives these files to the database's owner
    mine() { local suffix; for suffix; do chown daemon:daemon "$db$suffix" && chmod 664 "$db$suffix"; done; }
    # twice NAME FINDING CHANGE [UNDO] - the change leads to this finding; its quoted remedy helps
    twice() {
        local said remedy
        eval "$3"
        said=$(check --user nobody)
        is "$said" "$2
65" "check --user finds $1"
        while read -r remedy; do eval "$remedy"; done < <(grep -o "'[^']*'" <<<"$said" | tr -d \')
        is "$(nothing_left --user nobody)" 0 "the remedy of check --user helps against $1"
    }
    fresh
    mine '' -wal -shm
    rm -f "$db-ring" "$db-bell" "$db-queue"
    is "$(check --user nobody)" 0 'check --user finds nothing where one user owns all and the other reads by the group of the folder'
    is "$(check --user daemon)" 0 'check --user finds nothing wrong with a user that owns all'
    twice 'a folder that is closed to viewers' "$home: nobody may not search it: 'chmod a+x $home'" 'chmod 700 $home'
    chmod 750 "$home"
    # all_three SENTENCE REMEDY - for the database, its -wal and its -shm, which SQLite gives the same mode
    all_three() { local suffix; for suffix in '' -wal -shm; do echo "$db$suffix: $1: '$2 $db$suffix'"; done; }
    twice 'a database that viewers may not read' "$(all_three 'nobody may not read it' 'chmod a+r')" 'chmod 660 $db $db-wal $db-shm'
    may='nobody may write to it, but viewers need only read'
    twice 'viewers that may write to the database as everybody may' "$(all_three "$may" 'chmod o-w')" 'chmod 666 $db $db-wal $db-shm'
    twice 'viewers that may write to the database by its group' "$(all_three "$may" 'chmod g-w')" 'chgrp nogroup $db $db-wal $db-shm'
    mine '' -wal -shm
    twice 'viewers that may write into the folder' "$home: $may: 'chmod g-w $home'" 'chmod 770 $home'
    chmod 750 "$home"
    twice 'a folder that everybody may write to' "$home: any user may put files beside the database: 'chmod o-w $home'" 'chmod 752 $home'
    chmod 750 "$home"
    twice 'a folder of root, where the owner of the database can make no file' "$home: does not belong to daemon, unlike the database in it: 'chown daemon $home'" 'chown root $home'
    twice 'a database of a user who does not own the folder' "$db: does not belong to bin, unlike its folder: 'chown bin: $db'
$db-wal: does not belong to bin, unlike the database: 'chown --reference=$db $db-wal'
$db-shm: does not belong to bin, unlike the database: 'chown --reference=$db $db-shm'" 'chown bin $home'
    chown daemon "$home"
    mine '' -wal -shm
    twice 'a database that its owner may not write to' "$(all_three 'its owner may not write to it' 'chmod u+rw')" 'chmod u-w $db $db-wal $db-shm'
    chgrp nogroup "$home"
    chmod 750 "$home"
    chown root:root "$db-wal" "$db-shm"
    is "$(check --user nobody)$(stat -c ' %U:%G' "$db-wal" "$db-shm")" '0 daemon:daemon
 daemon:daemon' 'root gives -wal and -shm to the owner of the database by opening it'
    serve || exit
    stream live "$url/livescore"
    eventually shows live '^id:'
    chown daemon:daemon "$db-ring" "$db-bell"
    chmod 644 "$db-ring" "$db-bell"
    is "$(check --user nobody)" 0 'check --user finds nothing wrong with a ring and a bell that viewers may read'
    twice 'a ring that a user made who may not write to the database' "$db-ring: does not belong to daemon, unlike the database: 'chown --reference=$db $db-ring'" 'chown bin:bin $db-ring'
    twice 'a ring that viewers own, as in installations of the past' "$db-ring: does not belong to daemon, unlike the database: 'chown --reference=$db $db-ring'
$db-ring: $may: 'chown --reference=$db $db-ring'" 'chown nobody:nogroup $db-ring'
    twice 'viewers that may write to the ring by its group' "$db-ring: $may: 'chmod g-w $db-ring'" 'chgrp nogroup $db-ring; chmod g+w $db-ring'
    twice 'a bell that viewers may not read' "$db-bell: nobody may not read it: 'chmod a+r $db-bell'" 'chmod 600 $db-bell'
    ln "$db-ring" "$scratch/other"
    like "$(check --user nobody)" "$db-ring: not a ring.*65\$" 'a file with a second name is not accepted as a ring'
    rm "$scratch/other"
else
    ok 0 'users # SKIP needs root'
fi
like "$(feeder -d "$scratch/no.db" check 2>&1; echo $?)" 'no such file.*66$' 'check without a database says that there is no such file'
no_crash
done_testing
