#!/bin/bash
# feeder and livescore refuse files that another user has put beside the database, with name and remedy, and a
# schema that another user has changed does not hold them up.
# tags: sanitized
LEAKS=0
. tests/lib/lib.sh
need python3 sqlite3

fresh() {
    rm -rf "$db"*
    feeder -q -d "$db" init
}
# refused PATH WHY NAME - by both programs
refused() {
    like "$(feeder -d "$db" add m1 var '{}' 2>&1; echo $?)" "^feeder: $1: $2: remove it.66\$" "feeder refuses $3"
    printf 'GET /livescore?format=json&after=0 HTTP/1.0\r\n\r\n' | livescore --no-poller -d "$db" 2>"$scratch/log" | head -1 >"$scratch/answer"
    like "$(cat "$scratch/answer" "$scratch/log")" "^HTTP/1.1 503.*livescore: $1: $2: remove it" "livescore refuses $3, and answers 503"
}

for suffix in -wal -shm -journal; do
    for kind in 'ln -s' 'ln' 'mkfifo' 'mkdir'; do
        fresh
        rm -f "$db$suffix"
        : >"$scratch/target"
        case $kind in ln*) what=("$scratch/target" "$db$suffix") ;; *) what=("$db$suffix") ;; esac
        $kind "${what[@]}"
        refused "$db$suffix" '[a-z ]*, not made by SQLite.*' "what $kind has put in the place of the $suffix"
        is "$(stat -c %s "$scratch/target")" 0 "nothing is written to what a $suffix made by $kind leads to"
    done
done

# As left by SQLite in the middle of a transaction over several databases: it names a file to be deleted after the
# database is rolled back.
plant_journal() {
    fresh
    echo precious >"$scratch/victim"
    python3 - "$db" "$scratch/victim" <<'PYTHON'
import os, struct, sys
db, victim = sys.argv[1:]
magic, page, name = bytes.fromhex('d9d505f920a163d7'), 4096, victim.encode()
with open(db + '-journal', 'wb') as journal:
    journal.write((magic + struct.pack('>5I', 0, 0, os.path.getsize(db) // page, 512, page)).ljust(512, b'\0'))
    journal.write(struct.pack('>I', 0x40000000 // page + 1) + name + struct.pack('>2I', len(name), sum(name)) + magic)
PYTHON
}
plant_journal
if [ "$(id -u)" = 0 ]; then
    chown nobody "$db-journal"
    chown daemon "$db"
    refused "$db-journal" "another user's file, not made by SQLite: it could change the database and delete other files" \
        "another user's journal"
    [ -e "$scratch/victim" ]; ok $? "another user's journal deletes no file"
    chown root "$db-journal"
fi
feeder -q -d "$db" check >"$scratch/said" 2>&1
[ ! -e "$scratch/victim" ]; ok $? 'a journal of a trusted user is played back, and deletes the file that it names'

fresh
sql "CREATE TRIGGER endless AFTER INSERT ON match_events BEGIN
     SELECT count(*) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c); END"
is "$(timeout "$PATIENCE" feeder -d "$db" add m1 var '{}' 2>&1; echo $?)" "feeder: $db: a row took longer than 5 s to write: does a trigger never end? '.schema' in sqlite3 shows it
65" 'a trigger that never ends does not hold feeder up for ever'
is "$(sql 'SELECT count(*) FROM match_events')" 0 'a row whose trigger never ends is not inserted'
sql 'DROP TRIGGER endless'
feeder -q -d "$db" add m1 var '{}'; ok $? 'without that trigger a row is inserted'
done_testing
