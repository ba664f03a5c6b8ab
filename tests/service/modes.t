#!/bin/bash
# livescore's mode depends on its descriptors: a pipe, an inetd's socket, a wrapper's two pipes.
# The stream is the same in each, and ends with the client.

. tests/lib/lib.sh
need curl socat

# super ADDRESS-OPTIONS [ENVIRONMENT...] - socat as a super-server on a free port, which runs
# livescore for each connection.  Both log to $scratch/super.log
super() {
    local options=$1
    shift
    rm -f "$scratch/super.log"
    : >"$scratch/super.log"
    start env "$@" socat -d -d TCP-LISTEN:0,bind=127.0.0.1,fork "EXEC:livescore -d $db --max-stream 1h --heartbeat 1h,$options" 2>"$scratch/super.log"
    super=$!
    eventually grep -q 'listening on' "$scratch/super.log"
    port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$scratch/super.log")
    url=http://127.0.0.1:$port
}

# logged PATTERN - whether a line of livescore's log matches
logged() { grep -av '^20' "$scratch/super.log" | grep -aqE "$1"; }
no_process() { [ -z "$(livescores "-d $db ")" ]; }

# serves HOW - the same claims for each mode
serves() {
    is "$(curl -s -m "$PATIENCE" -o "$scratch/body" -w '%{http_code}' "$url/healthz")" 200 "$1: a request is answered"
    stream live "$url/livescore?after=latest"
    eventually shows live '^id: '
    message m1 "$RANDOM" 0
    eventually shows live '^data: .*"m1"'; ok $? "$1: a row comes when it is inserted"
    kill "$client"
    eventually no_process; ok $? "$1: a client that hangs up ends the process, without a heartbeat"
    is "$(grep -aE 'Sanitizer|runtime error' "$scratch/super.log")" '' "$1: no process has crashed"
    unlike "$(cat "$scratch/live" "$scratch/body")" 'livescore: peer' "$1: the answer contains no log line"
}

make_db
message m1 1 0

# A pipe.
printf 'GET /livescore HTTP/1.0\r\n\r\n' | livescore -d "$db" 2>"$scratch/log" | head -c 20 >"$scratch/begin"
is "$(head -c 15 "$scratch/begin")" 'HTTP/1.1 200 OK' 'a pipe: the answer goes to standard output'
eventually no_process; ok $? 'a pipe: the process ends when its reader leaves'
mkfifo "$scratch/in"
start sh -c 'exec livescore -d "$1" <"$2/in" >"$2/out" 2>"$2/log"' sh "$db" "$scratch"
piped=$!
exec 5>"$scratch/in"
printf 'GET /livescore HTTP/1.0\r\n\r\n' >&5
eventually shows out '^id: '; ok $? 'a pipe that stays open is served'
exec 5>&-
message m1 2 0
eventually shows out '^id: 2'; ok $? 'a pipe: the end of the input does not end the stream'
kill -TERM "$piped"
wait "$piped"
is $? 0 'a pipe: SIGTERM ends the process with exit code 0'
like "$(cat "$scratch/log")" '^livescore: peer=- .*why=stopped$' 'a pipe: the log has a line for the stream'

# inetd: the connection is descriptors 0 and 1.
super nofork
serves 'a socket on 0 and 1'
eventually logged 'peer=127\.0\.0\.1 .*path=/livescore .*why=client-closed'; ok $? 'a socket on 0 and 1: the log names the peer'
kill "$super"

# and 2, as in inetd.
super nofork,stderr
serves 'a socket on 0, 1 and 2'
printf 'GET /nope HTTP/1.0\r\n\r\n' | socat -t "$PATIENCE" - "TCP:127.0.0.1:$port" >"$scratch/nope"
is "$(tail -c 2 "$scratch/nope")" '}' 'a socket on 0, 1 and 2: the answer is the last thing on it'
unlike "$(cat "$scratch/nope")" 'peer=' 'a socket on 0, 1 and 2: it contains no log line'
kill "$super"

# TLS wrappers: a pair of sockets, or two pipes; the peer is in the environment.
super '' REMOTE_ADDR=192.0.2.7
serves 'a pair of sockets'
eventually logged 'peer=192\.0\.2\.7 '; ok $? 'a pair of sockets: the log has the peer that REMOTE_ADDR names'
kill "$super"
super pipes TCPREMOTEIP=2001:db8::7
serves 'two pipes'
eventually logged 'peer=2001:db8::7 '; ok $? 'two pipes: the log has the peer that TCPREMOTEIP names'
kill "$super"
done_testing
