#!/bin/bash
# Persistent connections (RFC 9112, 9.3): requests in sequence, each as if it were alone, until one side ends
# the connection.  golden.t has the bytes of the answers.

. tests/lib/lib.sh
need curl python3 socat

# connect FD; ask FD LINE... - sends a request; answer FD - sets $status, $connection and $body from the next
# answer; is_over FD - whether the connection has ended without a further byte
connect() { eval "exec $1<>/dev/tcp/127.0.0.1/$port"; }
ask() { printf '%s\r\n' "${@:2}" '' >&"$1"; }
answer() {
    local line length=0
    status='' connection='' body=''
    while IFS= read -r -t "$PATIENCE" line <&"$1" && line=${line%$'\r'} && [ -n "$line" ]; do
        case $line in
        HTTP/1.1\ *) status=${line:9:3} ;;
        Content-Length:*) length=${line#*: } ;;
        Connection:*) connection=${line#*: } ;;
        esac
    done
    [ "$length" -eq 0 ] || LC_ALL=C read -r -t "$PATIENCE" -N "$length" body <&"$1"
}
is_over() {
    read -r -t "$PATIENCE" -n 1 _ <&"$1"
    [ $? -eq 1 ]
}
hang_up() { eval "exec $1>&-"; }
# get FD PATH [FIELD...] - a request, and its answer
get() {
    ask "$1" "GET $2 HTTP/1.1" 'Host: a' "${@:3}"
    answer "$1"
}
trap '' PIPE # what a test sends to a connection that has ended is lost
lines() { grep -cE "$1" "$scratch/service.log"; }

make_db
message m1 1 0

# A silent client's timeout runs during the other tests.
serve_idle --head-timeout 1h || exit
connect 9
get 9 /idle
mv "$scratch/service.log" "$scratch/idle.log" # the service keeps writing to it

serve_idle --head-timeout 1h || exit
connect 3
get 3 /healthz
is "$status $connection" '200 ' 'an answer of HTTP/1.1 leaves the connection open'
get 3 /one && get 3 /two
is "$status$(has_children "$service" $((idle + 1)) || echo ' several')" 404 'the next requests are answered by the same process'
eventually shows service.log 'path=/two .*bytes='
like "$(sed -nE 's/.*path=(\/[a-z]+) .*bytes=([0-9]+) .*why=(.*)/\1 \2 \3/p' "$scratch/service.log" | xargs)" '^/healthz 2.. served /one (3..) served /two \1 served$' 'each request has a line in the log, with bytes of its own'
get 3 / 'Connection: Keep-Alive, Close'
is "$status $connection" '200 close' 'Connection: close is answered with Connection: close, also beside keep-alive'
is_over 3; ok $? 'Connection: close ends the connection'
connect 3
get 3 / 'Connection: keep-alive' 'Connection: TE,close'
is_over 3; ok $? 'close in the second Connection field ends the connection'

connect 3
ask 3 'GET /healthz HTTP/1.0'
answer 3
is "$status $connection" '200 close' 'HTTP/1.0 closes'
connect 3
ask 3 'GET /healthz HTTP/1.0' 'Connection: keep-alive'
answer 3
is "$status $connection" '200 keep-alive' 'HTTP/1.0 with keep-alive persists, and the answer says so'
ask 3 'GET /livescore?after=0&format=json HTTP/1.0' 'Connection: keep-alive'
answer 3
is "$status $connection ${body:0:1}" '200 keep-alive {' 'rows in JSON leave a connection of HTTP/1.0 open'
ask 3 'GET /livescore HTTP/1.0' 'Connection: keep-alive'
answer 3
is "$status $connection" '200 close' 'a stream takes a connection of HTTP/1.0 over'
hang_up 3

connect 3
get 3 /healthz
ask 3 'GET /livescore HTTP/1.1' 'Host: a' ''
answer 3
is "$status $connection" '200 close' 'a stream takes the connection over'
hang_up 3
is "$(curl -s -m "$PATIENCE" -w '%{num_connects}\n' -o "$scratch/out" "$url/" -o "$scratch/out" "$url/board.js" -o "$scratch/out" -I "$url/nope" -o "$scratch/out" "$url/matches" \
    --next -s -o "$scratch/out" -w '%{num_connects}\n' "$url/livescore?after=0&format=json" -o "$scratch/out" -H 'If-None-Match: *' "$url/board.css" -o "$scratch/out" -X OPTIONS "$url/" -o "$scratch/out" "$url/healthz" | xargs)" \
    '1 0 0 0 0 0 0 0' 'curl gets the page, its files, a 404, a 304, a 204 and rows through one connection'

# Ambiguous requests get 400, and nothing after them is a request.
smuggled='GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
length=$(printf "$smuggled" | wc -c)
n=0
while IFS= read -r case; do
    n=$((n + 1))
    printf "GET /first HTTP/1.1\r\nHost: a\r\n\r\n$case$smuggled" 2>"$scratch/unread" | livescore -d "$db" >"$scratch/answers" 2>"$scratch/log"
    [ "$(grep -c '^HTTP/1.1 ' "$scratch/answers")" -eq 2 ] && grep -q '^HTTP/1.1 4\|^HTTP/1.1 501' "$scratch/answers" && ! grep -q smuggled "$scratch/log"
    ok $? "a connection ends after $case" || diag "$(cat "$scratch/log")"
done <<LIST
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: $length\r\n\r\n
HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: $length\r\n\r\n
OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: $length\r\n\r\n
POST / HTTP/1.1\r\nHost: a\r\nContent-Length: $length\r\n\r\n
DELETE / HTTP/1.1\r\nHost: a\r\n\r\n
CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: $length\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, $length\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n
GET / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n Content-Length: $length\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tContent-Length: $length\r\n\r\n
GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n
GET / HTTP/1.1\nHost: a\r\n\r\n
GET / HTTP/1.1\r\nHost: a\n\r\n
GET / HTTP/1.1\r\nHost: a\r\n\n
GET / HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: $length\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n
GET / HTTP/1.1\rHost: a\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nX: \0y\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nContent-Length\0: $length\r\n\r\n
GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n
GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n
GET http://a:80@b/ HTTP/1.1\r\nHost: a\r\n\r\n
GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n
GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n
GET a/ HTTP/1.1\r\nHost: a\r\n\r\n
GET  / HTTP/1.1\r\nHost: a\r\n\r\n
GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n
GET / HTTP/1.1 \r\nHost: a\r\n\r\n
GET / HTTP/1.1\r\nX: y\r\n\r\n
GET /\r\n
LIST
printf 'GET http://other/first HTTP/1.1\r\nHost: a\r\nContent-Length: 00\r\n\r\n\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n\r\n' | livescore -d "$db" >"$scratch/answers" 2>"$scratch/log"
is "$(sed -n 's/.* path=\([^ ]*\) status=\([0-9]*\) .*/\1 \2/p' "$scratch/log" | xargs)" '/first 404 /second 404' 'a length of zero, a URL for a target and empty lines between requests let the next one follow'
printf 'GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /half HTTP/1.1\r\nHo' | livescore -d "$db" 2>"$scratch/log" >"$scratch/answers"
is "$(sed -n 's/.* status=\([0-9]*\) .*why=/\1 /p' "$scratch/log" | xargs)" '404 served 400 client-closed' 'half a request after another gets 400'

# Slow and greedy.
serve_idle --head-timeout 1s || exit
connect 3
get 3 /first
printf 'G' >&3
answer 3
is "$status $connection" '408 close' 'the time for a head begins with the first byte of a further request'
is_over 3; ok $? 'a further request that is slow ends the connection'
for ((i = 0; i < 1001; i++)); do printf 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'; done | livescore -d "$db" >"$scratch/answers" 2>"$scratch/log"
is "$(grep -c '^HTTP/1.1 204' "$scratch/answers") $(grep -n '^Connection: close' "$scratch/answers" | wc -l) $(wc -l <"$scratch/log")" '1000 1 1000' 'a connection ends with its 1000th request'
serve_idle --max-stream 1s || exit
connect 3
refused_at_last() { get 3 /healthz && [ "$status $connection" = '200 close' ]; }
eventually refused_at_last && is_over 3
ok $? 'a connection with ever more requests ends after --max-stream'

# Scarce connections.
serve_idle --head-timeout 1h --max-connections 4 || exit
for fd in 3 4; do connect $fd && get $fd /healthz; done
is "$status $connection" '200 ' 'half of the places taken: a connection persists'
connect 5
get 5 /healthz
is "$status $connection" '200 close' 'three quarters of the places taken: the connection that takes the last of these is closed'
connect 5
get 3 /healthz
is "$status $connection" '200 close' 'a connection that was there before is closed when three quarters of the places are taken'
is_over 3 && hang_up 3 && hang_up 5 && eventually has_children "$service" $((idle + 1))
get 4 /healthz
is "$status $connection" '200 ' 'a connection persists when places are no longer scarce'
hang_up 4
serve_idle --head-timeout 1h --max-per-client 4 || exit
for fd in 3 4; do connect $fd && get $fd /healthz; done
connect 5
get 5 /healthz
is "$status $connection" '200 close' 'three quarters of the places of a client taken: its connection is closed'
is "$(curl -s -m "$PATIENCE" --interface 127.0.0.2 -o "$scratch/out" -w '%{num_connects}' "$url/healthz" -o "$scratch/out" "$url/healthz")" 10 'the places of one client are not scarce for another'
hang_up 3 && hang_up 4

# A proxy's connections: each request has its own client, and counts for it only until it is answered.
serve_idle --head-timeout 1h --trust-proxy 127.0.0.1 --max-per-client 4 || exit
connect 3
get 3 /a 'X-Forwarded-For: 192.0.2.7' && get 3 /b 'X-Forwarded-For: 192.0.2.8' && get 3 /c
eventually shows service.log 'path=/c '
is "$(sed -n 's/.*peer=\([^ ]*\) .*path=\(.*\) status.*/\1\2/p' "$scratch/service.log" | xargs)" '192.0.2.7/a 192.0.2.8/b 127.0.0.1/c' 'each request of a connection belongs to the client that the proxy names'
hang_up 3
placeless() { # a place is given back a moment after the answer
    codes=''
    for fd in 3 4 5 6 7; do connect $fd && get $fd /healthz 'X-Forwarded-For: 192.0.2.7' && codes="$codes$status$connection "; done
    for fd in 3 4 5 6 7; do hang_up $fd; done
    [ "$codes" = '200 200 200 200 200 ' ]
}
eventually placeless; ok $? 'a client whose requests are answered has no place on the connections of its proxy'
connect 3
for i in 1 2 3 4; do
    stream "held$i" "$url/livescore" -H 'X-Forwarded-For: 192.0.2.7'
    eventually shows "held$i" '^id: '
done
get 3 /healthz 'X-Forwarded-For: 192.0.2.8'
is "$status$connection" 200 'a connection of a proxy persists for other clients'
get 3 /healthz 'X-Forwarded-For: 192.0.2.7'
is "$status $connection" '429 close' 'a client that has all its places gets 429 on a connection that was there before'
hang_up 3
serve_idle --head-timeout 1h --proxy-protocol || exit
connect 3
printf 'PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n' >&3
get 3 /a && get 3 /b
eventually shows service.log 'path=/b '
is "$(lines 'peer=192.0.2.7 ')" 2 'a PROXY header is for all requests of its connection'
printf 'PROXY TCP4 192.0.2.8 192.0.2.1 1 2\r\n' >&3
answer 3
is "$status $connection" '400 close' 'a second PROXY header is a bad request'

# Requests share no state.
printf 'abcdefghijklmnop\n' >"$scratch/tokens"
chmod 600 "$scratch/tokens"
serve_idle --head-timeout 1h --token-file "$scratch/tokens" || exit
connect 3
codes=''
for token in abcdefghijklmnop '' abcdefghijklmnop abcdefghijklmnox; do
    get 3 "/matches${token:+?token=$token}"
    codes="$codes$status "
done
is "$codes" '200 401 200 401 ' 'each request needs its own token'
chmod 604 "$scratch/tokens"
get 3 '/matches?token=abcdefghijklmnop'
is "$status $connection" '503 close' 'a service that fails ends the connection'

serve_idle --head-timeout 1h || exit
connect 3
private() { sed -n 's/^Private_Dirty:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$(child_pids "$service" | tail -n 1)/smaps_rollup" 2>/dev/null; }
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO match_events(match_id, data) SELECT 'm' || i, json_object('match_id', 'm' || i, 'home_team', printf('%.*c', 900, 'x'), 'away_team', 'B') FROM n"
get 3 / && get 3 /matches && get 3 /healthz
before=$(private) # once SQLite has met them: it keeps some of its memory
for i in 1 2 3; do get 3 / && get 3 /matches; done
size=${#body}
for ((i = 0; i < 60; i++)); do get 3 /board.js; done
after=$(private)
case $(id -u)$bin in # the files in /proc of a process in its sandbox are root's
[!0]* | *sanitize*) ;;
*) [ "$size" -gt 300000 ] && [ $((after - before)) -lt 300 ]; ok $? 'after many answers, and some of 300 KB, a connection takes as little memory as before' || diag "$size bytes: $before KB, then $after KB" ;;
esac
hang_up 3

# The end.
serve_idle --head-timeout 1h || exit
connect 3
get 3 /healthz
kill -TERM "$service"
wait "$service"
is $? 0 'SIGTERM ends a service whose connection waits for a further request'
is_over 3; ok $? 'a connection that waits for a further request ends at SIGTERM'
is "$(lines peer=)" 1 'a connection that ends without a further request adds no line to the log'
given accept livescore -d "$db"
connect 3
start sh -c 'exec cat <&3 >"$0"' "$scratch/answers"
for ((i = 0; i < 1000; i++)); do printf 'HEAD /matches HTTP/1.1\r\nHost: a\r\n\r\n'; done >&3
eventually shows answers '^HTTP'
kill -STOP "$service"
kill -TERM "$service"
kill -CONT "$service"
wait "$service"
is $? 0 'SIGTERM ends a process that has hundreds of requests to answer'
[ "$(grep -c '^HTTP' "$scratch/answers")" -lt 1000 ]; ok $? 'SIGTERM ends a process between two requests'
hang_up 3

# In every mode.
printf 'GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >"$scratch/two"
two() { python3 tests/lib/wire.py "$port" send "$scratch/two" | sed -n 's/^HTTP\/1.1 \([0-9]*\) .*/\1/p' | xargs; }
for how in listen accept wait; do
    given "$how" livescore -d "$db"
    is "$(two)" '404 200' "two requests are answered: $how"
    signal TERM "$service"
done
for how in nofork pipes; do
    start socat -d -d TCP-LISTEN:0,bind=127.0.0.1,fork "EXEC:livescore -d $db,$how" 2>"$scratch/$how.log"
    eventually grep -q 'listening on' "$scratch/$how.log"
    port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$scratch/$how.log")
    is "$(two)" '404 200' "two requests are answered: socat, $how"
done

is_over 9; ok $? 'a connection that stays idle is ended, without an answer'
is "$(grep -c peer= "$scratch/idle.log")" 1 'an idle connection adds no line to the log'
no_crash
done_testing
