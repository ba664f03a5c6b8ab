#!/bin/bash
# One user serves and another writes, in a folder that both may write to: whatever feeder does there, as
# that writer, as root or as somebody else, who serves only reads the database, and nothing outside changes.
. tests/lib/lib.sh
need sqlite3 setpriv
[ "$(id -u)" = 0 ] || skip_all 'needs root'

serving=61001 writing=61002 other=61003
chmod 711 "$scratch"
shared=$scratch/shared
db=$shared/live.db
as_writer() { setpriv --reuid $writing --regid $writing --groups $serving "$@"; }
as_server() { setpriv --reuid $serving --regid $serving --clear-groups "$@"; }
as_other() { setpriv --reuid $other --regid $other --groups $serving "$@"; }
of() { stat -c '%u:%g %a' "$@"; }
writes() { "$@" sqlite3 "$db" "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'x', '{}')" 2>"$scratch/denied"; }
fresh() {
    rm -rf "$shared"
    install -d -m 2770 -g $serving "$shared"
    as_writer "$bin/feeder" -q -d "$db" init
}
beside() { of "$db-wal" "$db-shm" | uniq; }

fresh
is "$(of "$db")/$(beside)" "$writing:$writing 664/$writing:$serving 664" 'the database is its writer'\''s, and what is beside it the folder'\''s'
is "$(of "$db-queue")" "$writing:$writing 660" 'and the queue of writers is for those who may write to it'
writes as_writer; ok $? 'the writer can write'
! writes as_server; ok $? 'who serves can not'

# Root, for whom SQLite would give the files beside it to the database's group.
for command in 'status' 'check -q' 'add m1 var {}' "backup -q $scratch/root.db" 'prune -q --keep-last 100'; do
    # shellcheck disable=SC2086 # words
    feeder -d "$db" $command >"$scratch/said" 2>&1; ok $? "root can run: feeder ${command%% *}"
    is "$(beside)" "$writing:$serving 664" 'which leaves their group alone'
done
printf 'GET /matches HTTP/1.0\r\n\r\n' | livescore -d "$db" >"$scratch/said" 2>&1
is "$(beside)" "$writing:$serving 664" 'so does a livescore that root runs'
rm -f "$db-wal" "$db-shm" "$db-queue"
feeder -d "$db" add m1 var '{}' >"$scratch/said"
is "$(of "$db-queue")" "$writing:$writing 660" 'root makes a queue that is the writer'\''s'
is "$(beside)" "$writing:$serving 664" 'and makes them so where they are missing'
install -d "$scratch/plain"
install -o $writing -g $writing -m 664 "$scratch/root.db" "$scratch/plain/live.db"
feeder -d "$scratch/plain/live.db" add m1 var '{}' >"$scratch/said"
is "$(of "$scratch/plain/live.db-wal")" "$writing:$writing 664" 'in a folder that is not setgid they get the database'\''s'
chgrp $serving "$scratch/plain/live.db"
feeder -d "$scratch/plain/live.db" status >"$scratch/said"
is "$(of "$scratch/plain/live.db-wal")" "$writing:$serving 664" 'also one that it was given later'
as_writer "$bin/feeder" -d "$db" add m1 var '{}' >"$scratch/said"
sqlite3 -cmd '.filectrl persist_wal 1' "$db" 'SELECT count(*) FROM match_events' >"$scratch/said"
is "$(beside)" "$writing:$writing 664" 'the sqlite3 tool, run by root, takes it'
is "$(printf 'GET /livescore?format=json&after=0 HTTP/1.0\r\n\r\n' | as_server "$bin/livescore" -d "$db" 2>"$scratch/log" | grep -c '"last_id"')" 1 'the database is served even so'
as_writer "$bin/feeder" -d "$db" add m1 var '{}' >"$scratch/said"
ln -s "$db" "$scratch/plain/link.db"
as_writer "$bin/feeder" -d "$scratch/plain/link.db" add m1 var '{}' >"$scratch/said"
is "$(beside)" "$writing:$serving 664" 'and the next that the writer does gives it back, by a link as well'

# What is moved into the database's place.
backup_is() { is "$(of "$shared/copy.db")" "$1" "$2"; }
as_writer "$bin/feeder" -q -d "$db" backup "$shared/copy.db"
backup_is "$writing:$writing 664" "the writer's backup has the group of the database, not of the folder"
feeder -q -d "$db" backup --force "$shared/copy.db"
backup_is "$writing:$writing 664" "root's has its owner too"
sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/said"
mv "$shared/copy.db" "$db"
writes as_writer; ok $? 'put in its place, the writer can write to it'
! writes as_server; ok $? 'and who serves can not'
if unshare -U --map-root-user true 2>"$scratch/said"; then          # a container, which knows no other user or group
    unshare -U --map-root-user "$bin/feeder" -q -d "$db" backup "$scratch/contained.db"
    is "$? $(of "$scratch/contained.db")" '0 0:0 644' 'where no group can be given, there is a backup nevertheless'
fi
as_other "$bin/feeder" -q -d "$db" backup "$shared/copy.db"
backup_is "$other:$serving 644" "somebody else's can not have its group: then it may read only, as all others may"
rm -f "$shared/copy.db"
echo precious >"$scratch/victim"
ln "$scratch/victim" "$shared/copy.db.part"
feeder -q -d "$db" backup "$shared/copy.db"; ok $? 'a file that lies where the copy is written is put aside'
is "$(cat "$scratch/victim")" precious 'and not written to, where it has another name'
as_server touch "$shared/other.db.part"
exec 7>>"$shared/other.db.part"
feeder -q -d "$db" backup "$shared/other.db"
is "$(stat -c %i "$shared/other.db" | grep -cx "$(stat -Lc %i /proc/self/fd/7)")" 0 'nor is it taken for the copy, where it is another'\''s'
exec 7>&-

# Who serves may write into the folder, and plants links there.
plants() {
    rm -rf "$shared"
    install -d -m 2770 -g $serving "$shared"
    ln "$@" "$db" && chown -h $serving:$serving "$db"
}
made() { feeder -d "$db" "$@" 2>&1; echo $?; }
link="feeder: $db: a link, and no database is made through one: name the file itself
73"
plants -s "$scratch/nothing"
is "$(made init)" "$link" 'root makes no database through a symbolic link to nothing'
[ ! -e "$scratch/nothing" ]; ok $? 'nor any file'
install -m 600 /dev/null "$scratch/empty"
plants -s "$scratch/empty"
is "$(made add m1 var '{}')" "$link" 'nor of an empty file that it leads to'
is "$(of "$scratch/empty") $(stat -c %s "$scratch/empty")" '0:0 600 0' 'which stays as it is'
rm "$db"
ln "$scratch/empty" "$db" # as where fs.protected_hardlinks is 0
is "$(made init)" "$link" 'nor of one that has another name'
is "$(of "$scratch/empty") $(stat -c %s "$scratch/empty")" '0:0 600 0' 'which stays as it is, too'
for path in :memory: /dev/full; do
    like "$(feeder -d "$path" init 2>&1; echo $?)" "$path: no file that could hold a database.73" "nor of $path, and says so"
done
[ ! -e :memory: ]; ok $? 'which leaves nothing'
plants -s "$scratch/plain/live.db"
is "$(made -q add m1 var '{}')" 0 'a database that is there may be used by a link'
install -m 600 -o $writing -g $writing /dev/null "$scratch/private"
for suffix in -wal -shm; do
    fresh
    rm "$db$suffix"
    ln "$scratch/private" "$db$suffix"
    as_writer "$bin/feeder" -q -d "$db" check >"$scratch/said" 2>&1
    feeder -q -d "$db" status >"$scratch/said" 2>&1
    is "$(stat -c %u:%g "$scratch/private")" "$writing:$writing" "a link in the place of the $suffix gives no group to what it leads to"
    : >"$scratch/private"
done
done_testing
