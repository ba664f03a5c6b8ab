#!/bin/bash
# The files beside the database, -shm, -wal, -ring and -bell, are removed or replaced while 20 clients follow:
# all get the rows, each once and in order, and the log says what was wrong.
# tags: once slow

. tests/lib/lib.sh
. tests/lib/followers.sh
need python3 sqlite3
[ "$(id -u)" -eq 0 ] || skip_all 'only root can give a file to another user'

removed() { rm -f "$1"; }
replaced() { rm -f "$1"; case $1 in *-bell) mkfifo "$1" ;; *-ring) head -c "$(stat -c %s "$db")" /dev/zero >"$1" ;; *) : >"$1" ;; esac; }
link() { rm -f "$1"; ln -s "$scratch/elsewhere" "$1"; }
folder() { rm -f "$1"; mkdir "$1"; }
foreign() { replaced "$1"; chown 61234 "$1"; }

# put_right FILE - an administrator's repair: our processes remove no folders, and do not touch SQLite's files
put_right() {
    if [ -d "$1" ]; then rmdir "$1"; elif [ -L "$1" ]; then rm "$1"; elif [ -e "$1" ]; then chown 0 "$1"; fi
}

# a_while - rows, each through a new connection, as from a program that starts after the damage
a_while() { for _ in 1 2 3 4 5; do sql "$insert"; done; }

checkpointed() { [[ $(sql 'PRAGMA wal_checkpoint(TRUNCATE)') == 0* ]]; }
# A slow poller may open the database again before it sees that a file is another one.
logged() { grep -qE -- "$db($1|: rows up to [0-9]+ were found only by a new connection)" "$scratch/service.log"; }

# damages SUFFIX - does each kind of damage to that file
damages() {
    local suffix=$1 damage name began outlasted=
    : >"$scratch/elsewhere"
    make_db
    sql "$insert"
    serve || exit
    follow 20
    for damage in removed replaced link folder foreign; do
        name="$suffix $damage"
        a_while
        eventually have all "$(head_id)"
        eventually has_poller
        eventually checkpointed # or rows would be lost with the -wal
        eventually has_poller
        : >"$scratch/service.log"
        began=$SECONDS
        $damage "$db$suffix"
        case $suffix in
        -ring | -bell) a_while ;;
        *) # SQLite must be able to open it
            eventually logged "$suffix"
            put_right "$db$suffix"
            a_while
            ;;
        esac
        all_come "$name: rows go on to all"
        eventually logged "$suffix"; ok $? "$name: the log names the file" || diag "$(cat "$scratch/service.log")"
        put_right "$db$suffix"
        [ $((SECONDS - began)) -lt 5 ] || outlasted='/event: error$/,+1d'
    done
    eventually has_poller; ok $? "in the end, after all damages to $suffix, there is a poller again"
    is "$(cat "$scratch/elsewhere")" '' "what a link in the place of $suffix leads to is not written to"
    # A stream ends with an error when the database cannot be read for 5 seconds, as on a slow machine.
    unfollow "through all damages to $suffix each client has each row once, in order" "$outlasted"
    # SQLite's mapping of -shm is not guarded: another process may recreate the file too short for a
    # moment.  Another poller follows, as above.
    [ "$suffix" != -shm ] || sed -i '/the poller died of signal 7: starting another/d' "$scratch/service.log"
    no_crash "the service has had no crash by damages to $suffix"
}
for suffix in ring bell shm wal; do beside "$suffix" damages "-$suffix"; done
joined

# A process keeps writing through the removed -shm, where no other process sees its rows.  SQLite itself may
# lose some of these (howtocorrupt.html, "Unlinking or renaming a database file while in use"), and reuse
# their ids: so this only checks that rows go on, not that each comes once.
make_db
sql "$insert"
serve || exit
follow 20
flow
eventually have all 20
rm "$db-shm"
sleep 1
end_flow
all_come 'a writer whose -shm is removed: its rows come to all'
exec 8>&-
wait "$clients"
no_crash
done_testing
