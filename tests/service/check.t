#!/bin/bash
# livescore --check: each thing that would keep the service from serving is named at once, with its remedy.
# tags: sanitized

. tests/lib/lib.sh
need curl python3 sqlite3

make_db
# check OPTION... - what is found, without what is well, and the exit code
check() { livescore -d "$db" --check "$@" 2>&1 </dev/null | grep -v ': ok: '; echo "exit ${PIPESTATUS[0]}"; }
# finds NAME PATTERN OPTION...
finds() { like "$(check "${@:3}")" "$2" "--check finds $1"; }

is "$(livescore -d "$db" --check 2>&1)" $'livescore: ok: options\nlivescore: ok: tokens\nlivescore: ok: database' '--check reports briefly that all is well'
finds 'an unknown option' $'--hartbeat: unknown option.*--help.*\nexit 64' --hartbeat 5s
finds 'an option that serves no client' $'-h, --help.*: remove them.*\nexit 64' --help
finds 'a poller that is to serve viewers' $'--poller: remove it.*\nexit 64' --no-poller --poller
finds 'an operand' $'5s: not an option.*\nexit 64' 5s
finds 'options that exclude each other' $'--shared-streams: .*\nexit 64' --shared-streams 1m --origin https://example.org
printf 'short\n' >"$scratch/tokens" && chmod 600 "$scratch/tokens"
finds 'a line that is no token' $'--token-file .*/tokens: line 1: expected a token .*: correct or remove it.*\nexit 78' --token-file "$scratch/tokens"
finds 'a sandbox that is turned off' $'--no-sandbox: only for debuggers.*\nexit 0' --no-sandbox
finds 'a missing database' $'none.db: no such file: .feeder -d .*/none.db init. creates it\nexit 66' -d "$scratch/none.db"
echo 'some text, and no database' >"$scratch/text.db"
finds 'a file that no poller makes a database of' $'text.db: not an SQLite database: .*backup\nexit 65' --no-poller -d "$scratch/text.db"
mkdir "$scratch/folder.db"
finds 'a folder in the place of the database' $'folder.db: a folder: .*\nexit 66' --no-poller -d "$scratch/folder.db"
: >"$scratch/empty.db"
finds 'an empty database, which a replica or init may yet fill' $'empty.db: empty: .*init.*\nexit 0' -d "$scratch/empty.db"
mkfifo "$scratch/fifo.db"
finds 'a FIFO in the place of the database, for which it does not wait' $'fifo.db: not a file that can hold a database: choose another, or remove it.*\nexit 66' --no-poller -d "$scratch/fifo.db"
feeder -q -d "$scratch/other.db" init
sqlite3 "$scratch/other.db" .dump | sqlite3 "$scratch/dump.db"
finds 'a database that was copied by .dump' $'dump.db: .*by \'.dump\'.* loses its identity: .*feeder backup.*\nexit 78' -d "$scratch/dump.db"
sqlite3 "$scratch/other.db" 'DROP TABLE matches'
finds 'a table that is missing' $'other.db: no such table: matches: .*check. finds what else is missing\nexit 78' -d "$scratch/other.db"
finds 'all at once' $'--a: unknown.*\n.*--heartbeat: expected.*\n.*none: No such file.*\n.*none.db: no such file.*\nexit 64' -d "$scratch/none.db" --a --heartbeat x --token-file "$scratch/none"
(echo "PRAGMA locking_mode = exclusive; BEGIN IMMEDIATE; SELECT 'held';"; sleep 0.2) | sqlite3 "$db" >"$scratch/held" &
eventually shows held held
is "$(check)" 'exit 0' '--check waits for a lock that is held for a moment, as by a poller that ends for a reload'
serve || exit
finds 'a port in use' $'already in use: choose another port.*\nexit 69' -l "127.0.0.1:$port"
is "$(check --no-poller)" 'exit 0' '--check finds nothing wrong beside a running service'
no_crash

if [ "$(id -u)" = 0 ]; then
    chmod 711 "$scratch"
    as() { setpriv --reuid=61234 --regid=61234 --clear-groups "$bin/livescore" -d "$db" --check "$@" 2>&1 | grep -v ': ok: '; echo "exit ${PIPESTATUS[0]}"; }
    for suffix in '' -wal -shm; do
        chmod o= "$db$suffix"
        like "$(as --no-poller)" "live.db$suffix: no permission to read it: as root, run .*exit 77" "--check finds a database whose ${suffix:-file} this user may not read"
        chmod o=r "$db$suffix"
    done
    stop_service
    head -c 40000 /dev/urandom >"$db-wal"
    like "$(as --no-poller)" "live.db: its -wal can't be read: run 'feeder check' as its owner.*exit 74" '--check finds a -wal of other bytes'
    feeder -q -d "$db" check >"$scratch/check"
    is "$(as --no-poller)" 'exit 0' 'feeder check corrects a -wal of other bytes'
    rm -f "$db-wal" "$db-shm"
    like "$(as)" 'live.db-wal: missing, and no permission to create it: .*exit 77' '--check finds that -wal is missing and cannot be created'
    like "$(as --no-poller)" 'live.db-wal: missing.*exit 0' '--check accepts a missing -wal that a separate poller creates'
    sqlite3 "$db" 'PRAGMA user_version = 99'
    like "$(as --no-poller)" 'live.db: made by a newer livescore: upgrade this one.*exit 78' '--check finds a newer database without its -wal and -shm'
    sqlite3 "$db" 'PRAGMA user_version = 2'
fi

# Addresses of a link, on a network of its own.
six() { unshare --net python3 - "$@" <<'PYTHON'; }
import fcntl, os, socket, struct, sys, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
fcntl.ioctl(s, 0x8914, struct.pack('16sH22x', b'lo', 0x41))                                            # up
fcntl.ioctl(s, 0x8916, socket.inet_pton(socket.AF_INET6, 'fe80::1') + struct.pack('Ii', 64, 1))     # an address
for _ in range(600):
    try:
        socket.socket(socket.AF_INET6).bind(('fe80::1', 0, 0, 1))
        break
    except OSError: # the kernel still checks whether it is unique
        time.sleep(0.1)
os.execvp('sh', ['sh', '-c', *sys.argv[1:]])
PYTHON
if unshare --net true 2>"$scratch/errors"; then
    # shellcheck disable=SC2016 # for the other shell
    is "$(six 'livescore -d "$0" -l "[fe80::1%lo]:8000" 2>"$1/log" & until grep -q listening "$1/log" || ! kill -0 $!; do sleep 0.05; done
        sed "s/.*on //" "$1/log"; curl -sg -m "$PATIENCE" -o "$1/body" -w "%{http_code}\n" "http://[fe80::1%25lo]:8000/healthz"; kill $!; wait' "$db" "$scratch")" \
        $'http://[fe80::1%lo]:8000/\n200' 'an address of a link can be served, with its interface'
    finds 'an address of a link without its interface' $'needs its interface, as in .fe80::1%eth0.:8000\nexit 69' -l '[fe80::1]:0'
    finds 'an interface that does not exist' $'no such interface.*\nexit 64' -l '[fe80::1%none]:0'
fi
done_testing
