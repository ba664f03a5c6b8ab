#!/bin/bash
# Real super-servers, set up with the lines of systemd/README.md and systemd/examples: each answers a
# request with the same bytes, and notices when a client leaves.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
. tests/lib/document.sh
need curl socat openssl python3
unpack openbsd-inetd inetutils-inetd xinetd ucspi-tcp ipsvd ncat stunnel4

# With "wait", a server passes the listening socket.
servers='openbsd-inetd openbsd-inetd-wait inetutils-inetd inetutils-inetd-wait xinetd xinetd-wait tcpserver tcpsvd socat ncat stunnel'

# here SED-EXPRESSION... - a documented line or file, with this test's program, user, port and address,
# and the substitutions given
here() {
    local me
    me=$(id -un)
    sed -E -e "s|/usr/local/bin/livescore|$bin/livescore|g; s|stream tcp (wait\|nowait.6000) livescore|stream tcp \1 $me|; s|user( *)= livescore|user\1= $me|" \
        -e "s|\b8000\b|$port|; s|^$port stream|127.0.0.1:&|; s| 0 $port | 127.0.0.1 $port |; s|TCP-LISTEN:$port|&,bind=127.0.0.1|; s|-m 1000 $port|-m 1000 127.0.0.1 $port|" "$@"
}
# inetd_line SERVER, command_of SERVER - its line in the document
inetd_line() { case $1 in *-wait) block systemd/README.md conf 2 ;; *) block systemd/README.md conf 1 ;; esac | here; }
command_of() { block systemd/README.md sh 4 | grep "^$1 " | here; }

# launch SERVER - on its port
launch() {
    local conf=$scratch/$1.conf log=$scratch/$1.log
    port=${ports[$1]}
    case $1 in
    openbsd-inetd*)
        inetd_line "$1" >"$conf"
        start "$packages/openbsd-inetd/usr/sbin/inetd" -i "$conf" ;;
    inetutils-inetd*)
        inetd_line "$1" >"$conf"
        start inetutils-inetd -d --pidfile="$conf.pid" "$conf" ;;
    xinetd*)
        here -e "s|^\}|    bind = 127.0.0.1\n}|" systemd/examples/xinetd.conf >"$conf"
        [ "$1" = xinetd ] || sed -i 's/\bno$/yes/' "$conf"
        start xinetd -dontfork -f "$conf" -pidfile "$conf.pid" ;;
    stunnel)
        { printf 'foreground = yes\npid =\n'
          here -e "s|accept = .*|accept = 127.0.0.1:$port|; s|^cert = .*|cert = $scratch/cert.pem|; s|^key = .*|key = $scratch/key.pem|" systemd/examples/stunnel.conf; } >"$conf"
        start stunnel4 "$conf" ;;
    *)
        # shellcheck disable=SC2046 # the words of a command
        start $(command_of "$1" | sed 's/ *#.*//') ;;
    esac >"$log" 2>&1
}

# raw SERVER FILE - sends FILE, prints the whole answer
raw() {
    if [ "$1" = stunnel ]; then
        timeout "$PATIENCE" openssl s_client -quiet -connect "127.0.0.1:${ports[$1]}" <"$2" 2>/dev/null
    else
        exec 3<>"/dev/tcp/127.0.0.1/${ports[$1]}" && cat "$2" >&3 && timeout "$PATIENCE" cat <&3
    fi
}
# same - replaces what differs each time: the date, heartbeats and the client's pause
same() { sed -E '/^:$/{N;d}; s/^Date: .*/Date: DATE\r/; s/^retry: [0-9]+$/retry: PAUSE/'; }

listens() { (: <>"/dev/tcp/127.0.0.1/${ports[$1]}") 2>/dev/null; }
# processes - this test's running livescore processes
processes() {
    grep -lsz "^LIVESCORE_DB=$db\$" /proc/[0-9]*/environ | sed 's/environ$/comm/' | xargs -r grep -lsx livescore | cut -d / -f 3
}
# streams_are COUNT - whether so many of them have a stream: no listener, poller or supervisor waits in epoll
streams_are() {
    local pid n=0
    for pid in $(processes); do
        [ -z "$(find "/proc/$pid/fd" -lname '*eventpoll*' 2>/dev/null)" ] || n=$((n + 1))
    done
    [ "$n" -eq "$1" ]
}
processes_are() { [ "$(processes | wc -l)" -eq "$1" ]; }

# ask NAME LINE... - a request, and the answer through a pipe
ask() {
    local name=$1
    shift
    printf '%s\r\n' "$@" '' >"$scratch/$name.request"
    livescore <"$scratch/$name.request" 2>"$scratch/log" | same >"$scratch/$name.answer"
}

declare -A ports
readers=()
export LIVESCORE_DB=$db
make_db
message m1 1 0
certificate

ask two 'GET / HTTP/1.1' 'Host: a' '' 'GET /matches HTTP/1.1' 'Host: a' 'Connection: close'
ask json 'GET /livescore?after=0&format=json HTTP/1.0'
ask missing 'GET /nope HTTP/1.0'
ask bad 'GET'
is "$(for request in two json missing bad; do sed -n 's|^HTTP/1.1 \([0-9]*\).*|\1|p' "$scratch/$request.answer"; done | xargs)" '200 200 200 404 400' 'a pipe gets an answer to each request'
while read -r server port; do ports[$server]=$port; done < <(paste -d ' ' <(tr ' ' '\n' <<<"$servers") <(free_port "$(wc -w <<<"$servers")"))
for server in $servers; do launch "$server"; done
for server in $servers; do
    eventually listens "$server"; ok $? "$server listens" || diag "$(tail -n 5 "$scratch/$server.log")"
    for request in two json missing bad; do
        raw "$server" "$scratch/$request.request" | same >"$scratch/$request.$server"
    done &
    readers+=($!)
done
wait "${readers[@]}"
readers=()
for request in two json missing bad; do
    different=
    for server in $servers; do
        cmp -s "$scratch/$request.answer" "$scratch/$request.$server" || different="$different $server"
    done
    is "$different" '' "each super-server gives the answer of a pipe, and nothing after it: $request"
done

[ "$(id -u)" -eq 0 ] || skip_all 'only root can look into the processes that a super-server starts'
# A stream in each at once, to its end.
printf 'GET /livescore HTTP/1.0\r\n\r\n' >"$scratch/stream.request"
start sh -c 'livescore <"$1/stream.request" >"$1/stream.pipe" 2>"$1/log"' sh "$scratch"
for server in $servers; do
    raw "$server" "$scratch/stream.request" >"$scratch/stream.$server" &
    readers+=($!)
done
for server in pipe $servers; do eventually shows "stream.$server" '^id: 1'; done
message m2 3 1
for server in pipe $servers; do
    eventually shows "stream.$server" '^data: .*"m2"'; ok $? "$server: a row is on the stream when it is inserted"
done
processes | xargs kill -TERM 2>/dev/null # a listener ends its children, too
wait "${readers[@]}"
same <"$scratch/stream.pipe" >"$scratch/stream.answer"
is "$(grep -c PAUSE "$scratch/stream.answer")" 2 'a stream that is stopped ends by saying when to come back'
for server in $servers; do
    is "$(same <"$scratch/stream.$server" | diff "$scratch/stream.answer" - 2>&1)" '' "$server: the stream has every byte that a pipe has, and none of a log"
done
eventually processes_are 0; ok $? 'no process of a super-server is left'

for server in $servers; do
    url=http://127.0.0.1:${ports[$server]}
    case $server in
    stunnel) url=https://127.0.0.1:${ports[$server]} ;;
    esac
    stream "gone.$server" "$url/livescore" -k
    eventually shows "gone.$server" '^id: ' && eventually streams_are 1
    kill "$client"
    eventually streams_are 0; ok $? "$server: a client that hangs up ends the process"
    processes | xargs -r kill -TERM 2>/dev/null
    eventually processes_are 0
done

# Under an inetd the log goes to syslog.
for server in tcpserver tcpsvd socat ncat stunnel; do
    is "$(grep -a 'livescore: peer=' "$scratch/$server.log" | grep -avc 'peer=127\.0\.0\.1 ')" 0 "$server: every line of the log names the client"
    grep -aq 'peer=.*why=client-closed' "$scratch/$server.log"; ok $? "$server: the log has lines of clients that have gone"
done

# openbsd-inetd limits connections per minute, xinetd per second: they would close the service after 256 and 50.
for server in openbsd-inetd xinetd; do
    seq -f "url = http://127.0.0.1:${ports[$server]}/nope?%g" 300 >"$scratch/urls"
    curl -sZ --parallel-immediate -m "$PATIENCE" -K "$scratch/urls" -w '%{http_code}\n' >"$scratch/codes" 2>"$scratch/progress"
    is "$(grep -c '404$' "$scratch/codes")" 300 "$server serves 300 connections, 50 at a time"
done
done_testing
