#!/bin/bash
# Two users: feeder's owns the database and its folder, and viewers run as another, which reads by group
# permission.  Whatever feeder's user, root or a publisher does there, viewers can read it and write nothing.
# tags: sanitized
. tests/lib/lib.sh
need setpriv sqlite3
[ "$(id -u)" = 0 ] || skip_all 'needs root'

viewing=61001 writing=61002 publishing=61003 other=61004
chmod 711 "$scratch"
folder=$scratch/folder
db=$folder/live.db
as() { local user=$1; shift; setpriv --reuid "$user" --regid "$user" "${groups[$user]---clear-groups}" "$@"; }
groups=([publishing]="--groups=$viewing,$writing")
of() { stat -c '%u:%g %a' "$@"; }
beside() { of "$db-wal" "$db-shm" 2>&1 | uniq; }
all_is_well() { is "$(of "$db") $(beside)" "$writing:$writing 664 $writing:$writing 664" "$1"; }
insert="INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'corner', '{}')"
publishes() { as "$1" sqlite3 "$db" "$insert" >"$scratch/said" 2>&1; }
serves() { printf 'GET /livescore?format=json&after=0 HTTP/1.0\r\n\r\n' | as $viewing "$bin/livescore" --no-poller -d "$db" 2>"$scratch/log" | grep -q '"last_id"'; }
# As in systemd/livescore.tmpfiles.
fresh() {
    rm -rf "$folder"
    install -d -m 750 -o $writing -g $viewing "$folder"
    install -m 664 -o $writing -g $writing /dev/null "$db"
    (umask 077 && as $writing "$bin/feeder" -q -d "$db" init)
}

fresh
all_is_well 'files made by feeder are readable for viewers and writable for publishers, whatever the umask'
serves; ok $? 'viewers can read the database'
publishes $publishing; ok $? 'a user in both groups can publish with sqlite3'
! as $publishing touch "$folder/file" 2>"$scratch/said"; ok $? 'a publisher can make no file in the folder'
! as $other ls "$folder" >"$scratch/said" 2>&1; ok $? 'a user in neither group cannot look into the folder'
all_is_well 'a publisher that was the last to close the database leaves all files there'
as $writing "$bin/feeder" -q -d "$db" add m1 corner '{}' && publishes $publishing && serves; ok $? 'feeder, a publisher and viewers take turns'
all_is_well 'what feeder and a publisher write in turn changes no owner and no mode'

# The queue of writers
queue_is_theirs() { is "$(of "$db-queue")" "$writing:$writing 660" "$1"; }
queue_is_theirs 'the queue of writers is for feeder and publishers, and not for viewers'
as $publishing "$bin/feeder" -q -d "$db" add m1 corner '{}'; ok $? 'the feeder of a publisher can write'
rm "$db-queue"
as $publishing "$bin/feeder" -q -d "$db" add m1 corner '{}'; ok $? 'the feeder of a publisher writes without a queue where it can make none'
feeder -q -d "$db" add m1 corner '{}'
queue_is_theirs 'the feeder of root makes a queue for feeder and publishers'

# sqlite3 run by root or by the owner: the last connection removes -wal and -shm.
sqlite3 "$db" "$insert" && [ ! -e "$db-wal" ]; ok $? 'the sqlite3 of root removes -wal and -shm, if it is the last to close the database'
! publishes $publishing; ok $? 'a publisher cannot make -wal and -shm'
! serves; ok $? 'viewers cannot make -wal and -shm'
as $writing "$bin/feeder" -q -d "$db" add m1 corner '{}'; ok $? 'feeder can write where root has removed -wal and -shm'
all_is_well 'feeder makes -wal and -shm again, with the owner and the mode of the database'
publishes $publishing && serves; ok $? 'publishers and viewers can use the -wal and -shm that feeder recreated'
rm -f "$db-wal" "$db-shm"
sqlite3 -cmd '.filectrl persist_wal 1' "$db" "$insert" >"$scratch/said"
all_is_well 'what the sqlite3 of root makes has the owner and the mode of the database'
for command in 'status' 'check -q' 'add m1 var {}' "backup -q $scratch/root.db" 'prune -q --keep-last 100'; do
    # shellcheck disable=SC2086 # words
    feeder -d "$db" $command >"$scratch/said" 2>&1 && [ "$(beside)" = "$writing:$writing 664" ]; ok $? "root can run feeder ${command%% *}, which leaves the owners as they are"
done
is "$(feeder -d "$db" check --user nobody 2>/dev/null)" "$folder: nobody may not search it: 'chmod a+x $folder'" 'check finds nothing else for a user that is not in the group'

# A copy that replaces the database.
rm -f "$folder/copy.db"
as $writing "$bin/feeder" -q -d "$db" backup "$folder/copy.db"
is "$(of "$folder/copy.db")" "$writing:$writing 664" "a backup has the owner, the group and the mode of the database"
feeder -q -d "$db" backup --force "$folder/copy.db"
is "$(of "$folder/copy.db")" "$writing:$writing 664" 'a backup that root makes has the owner, the group and the mode of the database'
if unshare -U --map-root-user true 2>"$scratch/said"; then          # a container, without other users and groups
    unshare -U --map-root-user "$bin/feeder" -q -d "$scratch/root.db" backup "$scratch/contained.db"
    is "$? $(of "$scratch/contained.db")" '0 0:0 644' 'a backup is made where no group can be given'
fi
install -d -o $publishing "$scratch/hers"
as $publishing "$bin/feeder" -q -d "$db" backup "$scratch/hers/copy.db"
is "$(of "$scratch/hers/copy.db")" "$publishing:$writing 664" 'a backup that a publisher makes is for the same group'
echo precious >"$scratch/victim"
rm "$folder/copy.db"
ln "$scratch/victim" "$folder/copy.db.part"
feeder -q -d "$db" backup "$folder/copy.db"; ok $? 'a file that lies where a backup is written is put aside'
is "$(cat "$scratch/victim")" precious 'a backup does not write to a file that lies in its place and has another name too'
install -o $viewing /dev/null "$folder/other.db.part"
exec 7>>"$folder/other.db.part"
feeder -q -d "$db" backup "$folder/other.db"
is "$(stat -c %i "$folder/other.db" | grep -cx "$(stat -Lc %i /proc/self/fd/7)")" 0 'a file of another user is not taken for the backup'
exec 7>&-

# What the viewers' user can do without a sandbox.
install -m 644 -o $writing -g $writing /dev/null "$db-ring"
as $writing mkfifo -m 644 "$db-bell"
is "$(TMPDIR=/dev/shm as $viewing sh tests/lib/takeover.sh "$db")" tried 'the user of viewers can open no file for writing, and make, rename or remove none'
like "$(TMPDIR=/dev/shm as $writing sh tests/lib/takeover.sh "$db" | wc -l)" '^[2-9][0-9]$' 'the owner of the database can do what viewers can not'

# Making a database.
plants() { rm -rf "$folder"; install -d "$folder"; ln "$@" "$db"; }
made() { feeder -d "$db" "$@" 2>&1; echo $?; }
link="feeder: $db: a link, through which no database is created: name the file itself
73"
plants -s "$scratch/nothing"
is "$(made init)" "$link" 'no database is made through a symbolic link to nothing'
[ ! -e "$scratch/nothing" ]; ok $? 'what a symbolic link to nothing leads to is not made'
install -m 600 /dev/null "$scratch/empty"
plants -s "$scratch/empty"
is "$(made add m1 var '{}')" "$link" 'no database is made of an empty file that a symbolic link leads to'
is "$(of "$scratch/empty") $(stat -c %s "$scratch/empty")" '0:0 600 0' 'an empty file behind a symbolic link is unchanged'
plants "$scratch/empty" # as if fs.protected_hardlinks were 0
is "$(made init)" "$link" 'no database is made of an empty file that has another name'
is "$(of "$scratch/empty") $(stat -c %s "$scratch/empty")" '0:0 600 0' 'an empty file with another name is unchanged'
for path in :memory: /dev/full; do
    like "$(feeder -d "$path" init 2>&1; echo $?)" "$path: not a file that can hold a database(: choose another, or remove it)?.(66|73)" "no database is made of $path"
done
[ ! -e :memory: ]; ok $? 'no file is made for :memory:'
install -d "$scratch/plain"
feeder -q -d "$scratch/plain/live.db" init
plants -s "$scratch/plain/live.db"
is "$(made -q add m1 var '{}')" 0 'an existing database may be used through a link'
done_testing
