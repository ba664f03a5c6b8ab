#!/bin/bash
# Listening: addresses and Unix sockets from -l, sockets from systemd or an inetd; and the messages
# to systemd.
# tags: sanitized

. tests/lib/lib.sh
need curl python3 socat

healthy() { [ "$(curl -sg -m "$PATIENCE" -o /dev/null -w '%{http_code}' "$@")" = 200 ]; }
logged() { eventually grep -qE "$1" "$scratch/service.log"; }
# ending - waits for the service to end by itself; returns its exit code
ending() { eventually ended "$service" || kill "$service"; wait "$service"; }
complains() { timeout "$PATIENCE" "$@" 2>&1 </dev/null; echo "exit $?"; }

make_db
message m1 1 0

# Addresses.
serve -l 127.0.0.1:0 -l "$scratch/live.sock" || exit
eventually shows service.log 'listening on' 3
mapfile -t urls < <(sed -n 's/.*listening on \(http:[^ ]*\)/\1/p' "$scratch/service.log")
is "${#urls[@]}" 2 '-l can be given twice'
healthy "${urls[0]}healthz" && healthy "${urls[1]}healthz"; ok $? 'each address of several is served'
healthy --unix-socket "$scratch/live.sock" http://live/healthz; ok $? 'a Unix socket is served'
logged 'peer=unix method=GET'; ok $? 'the log calls the peers of a Unix socket "unix"'
is "$(stat -c %a "$scratch/live.sock")" 666 'any user may connect to a Unix socket'
like "$(complains livescore -d "$db" -l "$scratch/live.sock")" $'live.sock: already in use: .*\nexit 69' 'a second service does not take a Unix socket over'
healthy --unix-socket "$scratch/live.sock" http://live/healthz; ok $? 'a Unix socket that a second service wanted is still served'
kill -TERM "$service"
ending
is "$?" 0 'a service on a Unix socket ends with exit code 0'
[ ! -e "$scratch/live.sock" ]; ok $? 'a service that ends removes its Unix socket'

serve -l "$scratch/live.sock" --socket-mode 600 || exit
is "$(stat -c %a "$scratch/live.sock")" 600 '--socket-mode is the mode of a Unix socket'
eventually has_children "$service" 1; ok $? 'a listener has a poller before it has a client'
mapfile -t orphans < <(child_pids "$service")
kill -KILL "$service"
wait "$service" 2>/dev/null
eventually ended "${orphans[0]}"; ok $? 'the poller ends with a listener that is killed'
[ -S "$scratch/live.sock" ]; ok $? 'a listener that is killed leaves its Unix socket'
serve -l "$scratch/live.sock" || exit
healthy --unix-socket "$scratch/live.sock" http://live/healthz; ok $? 'a Unix socket that was left is replaced by the next service'
rm "$scratch/live.sock"
echo mine >"$scratch/live.sock"
kill -TERM "$service"
ending
is "$(cat "$scratch/live.sock")" mine 'a file that replaced the socket meanwhile is not removed at the end'
like "$(complains livescore -d "$db" -l "$scratch/live.sock")" $'not a socket: .*\nexit 69' 'a file that is not a socket is not replaced by one'
like "$(complains livescore -d "$db" -l "$scratch/none/live.sock")" $'No such file or directory: create its folder first\nexit 69' 'a Unix socket in a missing folder is refused, with the remedy'
if unshare --net true 2>/dev/null; then # where ports below 1024 are root's, whatever this machine's settings
    like "$(complains unshare --net setpriv --reuid=61234 --regid=61234 --clear-groups "$bin/livescore" -d "$db" -l 127.0.0.1:80)" \
        $'Permission denied: choose a port above 1023, .*CAP_NET_BIND_SERVICE.*livescore.socket.\nexit 77' 'a refused port is named with the remedy'
fi
umask 077
serve -l "$scratch/masked.sock" || exit
is "$(stat -c %a "$scratch/masked.sock")" 666 "a socket's mode is what it should be, whatever the umask"
umask 022
long=$scratch/$(printf '%*s' $((107 - ${#scratch} - 1)) '' | tr ' ' x)
serve -l "$long" || exit
healthy --unix-socket "$long" http://live/healthz; ok $? 'a Unix socket with a path of 107 bytes is served'
like "$(complains livescore -d "$db" -l "${long}x")" $'at most 107 bytes\nexit 64' 'a Unix socket with a path of 108 bytes is refused'
like "$(complains livescore -d "$db" -l 127.0.0.1:0 -l "$scratch/live.sock")" 'exit 69' 'if one address of several fails, none is served'
if [ -e /proc/net/if_inet6 ] && grep -q ' lo$' /proc/net/if_inet6; then
    serve -l '[::1]:0' --max-per-client 1 || exit
    eventually shows service.log 'listening on' 2
    six=$(sed -n 's/.*listening on \(http:..\[.*\)/\1/p' "$scratch/service.log")
    healthy "${six}healthz"; ok $? 'an IPv6 address is served'
    logged 'peer=::1 '; ok $? 'the log has the address of an IPv6 client'
    eventually has_children "$service" 1 # it has ended
    stream six "${six}livescore" -g
    eventually shows six '^id: '
    is "$(curl -sg -o /dev/null -w '%{http_code}' "${six}healthz")" 429 'an IPv6 client is limited by --max-per-client'
fi
eight=()
for ((i = 0; i < 8; i++)); do eight+=(-l "$scratch/s$i"); done
like "$(complains livescore -d "$db" "${eight[@]}" -l "$scratch/s8")" 'at most 8' 'nine -l are refused'
serve -l "$scratch/s1" || exit # besides serve's own: all eight that livescore accepts
start livescore -d "$db" "${eight[@]/s1/t1}" 2>"$scratch/eight.log"
eventually shows eight.log 'listening on' 8; ok $? 'eight -l are served'

# Sockets from systemd.
given listen livescore -d "$db"
healthy "$url/healthz"; ok $? 'LISTEN_FDS: a listening socket is served'
stream passed "$url/livescore"
eventually shows passed '^id: '; ok $? 'LISTEN_FDS: a listening socket serves streams'
kill -TERM "$service"
ending
is $? 0 'LISTEN_FDS: a service on a listening socket ends with exit code 0'
given listen2 livescore -d "$db"
healthy "$url/healthz" && healthy "http://127.0.0.1:$port2/healthz"; ok $? 'LISTEN_FDS: two listening sockets are served'
given accept livescore -d "$db"
curl -sN -m "$PATIENCE" -o "$scratch/one" "$url/healthz"
like "$(cat "$scratch/one")" '"status"' 'LISTEN_FDS: a connection is served'
ending
is $? 0 'LISTEN_FDS: a service ends with its connection'
like "$(cat "$scratch/service.log")" 'peer=127\.0\.0\.1 .*path=/healthz status=200' 'LISTEN_FDS: the log has the peer of a connection'
given mixed livescore -d "$db"
ending
is $? 78 'LISTEN_FDS: a datagram socket is refused'
like "$(cat "$scratch/service.log")" 'check the ListenStream= and Accept=' 'LISTEN_FDS: a refusal says which settings to check'
given many livescore -d "$db"
ending
is $? 78 'LISTEN_FDS: nine sockets are refused'
given stranger sh -c 'printf "GET /healthz HTTP/1.0\r\n\r\n" | livescore -d "$1"' sh "$db" >"$scratch/stranger"
ending
like "$(head -1 "$scratch/stranger")" '200 OK' 'LISTEN_FDS: sockets that are meant for another process are left alone'

# inetd's wait.
given wait livescore -d "$db" --idle-exit 3s
healthy "$url/healthz"; ok $? 'inetd wait: a listening socket on descriptor 0 is served'
stream waited "$url/livescore"
eventually shows waited '^id: '
sleep 4
kill -0 "$service"; ok $? 'inetd wait: a service stays longer than --idle-exit while a client is connected'
kill "$client"
wait "$client" 2>/dev/null
eventually ended "$service"; ok $? 'inetd wait: a service without clients ends after --idle-exit'
ending
is $? 0 'inetd wait: a service ends after --idle-exit with exit code 0'
given blocking livescore -d "$db" --idle-exit 3s
healthy "$url/healthz"; ok $? 'inetd wait: a listening socket that blocks is served'
blocking() { local fd; for fd in /proc/"$1"/fd/*; do case $(readlink "$fd") in socket:*) [ $(($(sed -n 's/^flags:[^0-9]*//p' "/proc/$1/fdinfo/${fd##*/}") & 04000)) -ne 0 ] || echo "$fd" ;; esac; done; }
is "$(blocking "$service")" '' 'inetd wait: a listening socket that blocks is made non-blocking'
python3 tests/lib/wire.py "$port" drop /dev/null 20
ending
is $? 0 'inetd wait: connections that were reset do not hold up the end of a service'
given dgram livescore -d "$db"
ending
is $? 78 'inetd wait: a datagram socket is refused'

# Messages to systemd.
notified() { eventually grep -aqE "$1" "$notified"; }
# manager ADDRESS - what it is told goes to a file of its own: an earlier service may still tell its manager something
manager() {
    notified=$scratch/notified.${#started[@]}
    : >"$notified"
    start socat -u "$1" "OPEN:$notified,append"
    eventually grep -q "${1#*:}\$" /proc/net/unix
}
manager "UNIX-RECV:$scratch/notify"
start env NOTIFY_SOCKET="$scratch/notify" WATCHDOG_USEC=400000 livescore -d "$db" -l "$scratch/notifying" 2>"$scratch/notifying.log"
service=$!
notified '^READY=1$'; ok $? 'the service sends READY=1 to systemd'
healthy --unix-socket "$scratch/notifying" http://live/healthz; ok $? 'a service that said READY=1 listens'
notified 'WATCHDOG=1.*WATCHDOG=1'; ok $? 'the service sends WATCHDOG=1 to systemd repeatedly'
stream counted http://live/livescore --unix-socket "$scratch/notifying"
notified 'STATUS=1 connection([^s]|$)'; ok $? 'the service tells systemd how many clients are connected'
kill -TERM "$service"
notified 'STOPPING=1'; ok $? 'the service sends STOPPING=1 to systemd'
ending
manager "ABSTRACT-RECV:livescore-test-$$"
start env NOTIFY_SOCKET="@livescore-test-$$" livescore -d "$db" -l "$scratch/notifying" 2>"$scratch/notifying.log"
notified '^READY=1$'; ok $? 'the service sends READY=1 through a socket in the abstract namespace'
manager "UNIX-RECV:$scratch/polls"
start env NOTIFY_SOCKET="$scratch/polls" livescore -d "$scratch/no.db" --poller 2>"$scratch/polls.log"
notified '^READY=1$'; ok $? 'a poller without a database says READY=1, too'
# The first look at a locked database takes 2 s, and is reported before READY=1.
sqlite3 -bail "$scratch/locked.db" <sql/schema.sql >"$scratch/ignored"
mkfifo "$scratch/locker"
start sh -c 'exec sqlite3 "$0" <"$1" >"$2"' "$scratch/locked.db" "$scratch/locker" "$scratch/locked"
exec 6>"$scratch/locker"
echo 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 1;' >&6
eventually shows locked '^1'
manager "UNIX-RECV:$scratch/looks"
start env NOTIFY_SOCKET="$scratch/looks" livescore -d "$scratch/locked.db" --poller 2>>"$notified"
notified '^READY=1$'
like "$(head -1 "$notified")" 'locked' 'a poller says READY=1 once it has looked at the database'
exec 6>&-
no_crash
done_testing
