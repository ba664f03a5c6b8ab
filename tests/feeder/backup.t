#!/bin/bash
# feeder backup: a complete copy while others write, or none.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 python3

feeder -q -d "$db" load tests/data/matches.json
copy=$scratch/copy.db
rows() { sqlite3 "$1" 'SELECT * FROM match_events; SELECT * FROM matches; SELECT * FROM meta' | cksum; }
backup() { feeder -d "$db" backup "$@" 2>&1; echo $?; }

like "$(backup "$copy")" "^feeder: $copy: [0-9]+ bytes, complete.0\$" 'a backup says that it is complete'
is "$(rows "$copy")" "$(rows "$db")" 'a backup has all rows'
is "$(feeder -q -d "$copy" check; echo $?)" 0 'check finds nothing in a backup'
is "$(sqlite3 "$copy" 'PRAGMA journal_mode')" wal 'a backup is in WAL mode'
is "$(feeder -d "$copy" add friendly-01 var '{"detail":"no goal"}' >/dev/null; echo $?)" 0 'a backup can be written to'
like "$(backup "$copy")" "copy.db: already exists: --force replaces it.73\$" 'an existing file is not overwritten'
[ "$(sqlite3 "$copy" 'SELECT max(id) FROM match_events')" -gt 242 ]; ok $? 'a file that is not overwritten is unchanged'
is "$(sqlite3 "$copy" 'PRAGMA wal_checkpoint(TRUNCATE)'; backup -q --force "$copy")" '0|0|0
0' '--force overwrites an existing file'
is "$(rows "$copy")" "$(rows "$db")" 'a backup that --force has replaced has all rows'
is "$(find "$scratch" -mindepth 1 ! -name '*-queue' -printf '%f\n' | sort | tr '\n' ' ')" "copy.db live.db " 'a backup leaves no other file'
like "$(backup "$db")" 'the database itself: choose another file.64$' 'a backup into the database itself is refused'
like "$(backup --force "$db")" 'the database itself.*64$' 'a backup into the database itself is refused with --force'
like "$(backup "$scratch")" 'a folder: name a file in it.73$' "a backup into a folder's place is refused"
like "$(backup "$scratch/no/copy.db")" "no/copy.db: can't be created: No such file or directory: check its folder.73\$" 'a backup into a missing folder is refused'
echo wal >"$copy-wal"
like "$(backup --force "$copy")" "a database in use, since there is $copy-wal: .*73\$" 'a copy beside a -wal of another is refused'
rm "$copy-wal"
chmod 640 "$db"
backup -q --force "$copy" >/dev/null
is "$(stat -c %a "$copy")" 640 'a backup gets the permissions of the database'
like "$(feeder -d "$scratch/none.db" backup "$scratch/c.db" 2>&1; echo $?; ls "$scratch/c.db"* 2>&1)" 'no such file.*66.*No such file' 'without a database there is no backup'

# While others write: the copy has everything up to one moment.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
     INSERT INTO match_events(match_id, type, data) SELECT 'f', 'filler', json_object('text', printf('%01000d', i)) FROM n"
cat >"$scratch/pairs.py" <<'PYTHON'
import os, sqlite3, sys
path, ready = sys.argv[1:]
db = sqlite3.connect(path, timeout=float(os.environ['PATIENCE']), isolation_level=None)
while not os.path.exists(ready + '.end'):
    db.execute('BEGIN IMMEDIATE')
    for side in 'ab':
        db.execute("INSERT INTO match_events(match_id, type, data) VALUES (?, 'pair', '{}')", (side,))
    db.execute('COMMIT')
    open(ready, 'w').close()
PYTHON
start python3 "$scratch/pairs.py" "$db" "$scratch/ready"
writer=$!
eventually test -e "$scratch/ready"
for i in 1 2 3; do
    backup -q "$scratch/during$i.db" >/dev/null
    is "$(sqlite3 "$scratch/during$i.db" "PRAGMA integrity_check; SELECT (SELECT count(*) FROM match_events WHERE match_id = 'a') = (SELECT count(*) FROM match_events WHERE match_id = 'b') AND count(*) > 20242 FROM match_events")" 'ok
1' "copy $i, made while another writes, is whole, and of one moment"
done
touch "$scratch/ready.end"
eventually ended $writer

# Killed, and two at a time
for i in 1 2 3 4 5 6; do
    feeder -q -d "$db" backup "$scratch/killed.db" 2>/dev/null &
    pid=$!
    sleep "0.00$i"
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
done
[ ! -e "$scratch/killed.db" ] || is "$(sqlite3 "$scratch/killed.db" 'PRAGMA integrity_check')" ok 'a killed backup leaves a whole file or none'
is "$(backup -q --force "$scratch/killed.db")" 0 'a backup succeeds where a killed one left its part'
[ ! -e "$scratch/killed.db.part" ]; ok $? 'the next backup removes what a killed one left'
codes=''
pids=()
for i in 1 2 3 4; do feeder -q -d "$db" backup "$scratch/race.db" 2>"$scratch/race.$i" & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid"; codes+="$? "; done
is "$(tr ' ' '\n' <<<"$codes" | grep -c '^0$')" 1 'of four backups into one file, one succeeds'
is "$(rows "$scratch/race.db")" "$(rows "$db")" 'the backup that succeeded of four is whole'
is "$(tr ' ' '\n' <<<"$codes" | grep -vxE '0|73|75|')" '' 'three of four backups into one file say that it is being made, or exists'

if [ "$(id -u)" = 0 ] && mkdir "$scratch/small" && mount -t tmpfs -o size=1m livescore-test "$scratch/small" 2>/dev/null; then
    trap 'umount -l "$scratch/small"; cleanup' EXIT
    like "$(backup "$scratch/small/copy.db")" "the disk is full.74\$" 'a full disk gets a message and exit code 74'
    is "$(ls "$scratch/small")" '' 'a full disk is left without a part of a backup'
else
    ok 0 'a full disk # SKIP needs root and mount'
fi
done_testing
