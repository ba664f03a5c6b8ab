#!/bin/bash
# HTTP for browsers, caches and operators: heads, CORS, the page, the command line.
# tags: sanitized

. tests/lib/lib.sh
need curl

# head_of PATH [CURL-OPTION...] - status line and fields, without line ends
head_of() {
    local from=$url$1
    shift
    curl -sg -m "$PATIENCE" -o "$scratch/body" -D - "$@" "$from" | tr -d '\r'
}
field() { sed -n "s/^$1: //p"; }

make_db
message m1 1 0
serve || exit

stream open "$url/livescore" -D "$scratch/head"
eventually shows open '^id: 1'
like "$(head -1 "$scratch/head")" '^HTTP/1.1 200 ' 'a stream is a 200'
is "$(tr -d '\r' <"$scratch/head" | field Content-Type)" text/event-stream 'a stream is text/event-stream without a charset'
is "$(tr -d '\r' <"$scratch/head" | field Cache-Control)" 'no-store, no-transform' 'a stream may not be stored or transformed'
is "$(tr -d '\r' <"$scratch/head" | field X-Accel-Buffering)" no 'a stream tells nginx not to hold it back'
is "$(tr -d '\r' <"$scratch/head" | field Connection)" close 'a stream closes its connection'
is "$(tr -d '\r' <"$scratch/head" | field Access-Control-Allow-Origin)" '*' 'a stream may be read by pages of any origin'
kill "$client"

# The page.
is "$(head_of / | head -1)" 'HTTP/1.1 200 OK' '/ is answered with 200'
is "$(head_of / | field Content-Type)" 'text/html; charset=utf-8' '/ is HTML'
is "$(head_of / -H 'Origin: https://other.example' | field Content-Length)" "$(wc -c <"$scratch/body")" 'the Content-Length of / counts its bytes'
like "$(head_of / | field Content-Security-Policy)" "default-src 'none'" 'the policy of / begins with nothing'
is "$(head_of / -I | field Content-Length)" "$(curl -s "$url/" | wc -c)" 'HEAD of / has the length of GET'
is "$(head_of '/%2f..%2fetc%2fpasswd' | head -1)" 'HTTP/1.1 404 Not Found' 'a path that leads out of the files is 404'

# CORS with named origins: a named origin is echoed, with credentials; others get nothing.
serve --origin https://board.example --origin http://localhost:8080 || exit
is "$(head_of /matches -H 'Origin: https://board.example' | grep -i -E '^(access|vary)')" \
    $'Vary: Origin\nAccess-Control-Allow-Origin: https://board.example\nAccess-Control-Allow-Credentials: true' 'a named origin is echoed, with credentials'
is "$(head_of /livescore?format=json -H 'Origin: http://localhost:8080' | field Access-Control-Allow-Origin)" http://localhost:8080 'the second of two named origins is echoed, too'
for origin in https://evil.example https://board.example.evil.example http://board.example https://BOARD.example null; do
    is "$(head_of /matches -H "Origin: $origin" | grep -i -E '^(access|vary)')" 'Vary: Origin' "the origin $origin, which is not named, gets no CORS headers"
done
is "$(head_of /matches | grep -i -E '^(access|vary)')" 'Vary: Origin' 'a request without an origin gets no CORS headers'
is "$(head_of /livescore -X OPTIONS -H 'Origin: https://board.example' -H 'Access-Control-Request-Method: GET' -H 'Access-Control-Request-Headers: last-event-id' |
    grep -E '^(HTTP|Access)' | sort)" 'Access-Control-Allow-Credentials: true
Access-Control-Allow-Headers: Authorization, Last-Event-ID, Cache-Control
Access-Control-Allow-Methods: GET, HEAD, OPTIONS
Access-Control-Allow-Origin: https://board.example
Access-Control-Max-Age: 86400
HTTP/1.1 204 No Content' 'the preflight of a named origin allows Last-Event-ID'
is "$(head_of /nope -H 'Origin: https://board.example' | field Access-Control-Allow-Origin)" https://board.example 'errors can be read across origins too'

# The log.
curl -s -o /dev/null "$url/livescore?format=json&token=SECRET" -H 'Authorization: Bearer SECRET' -H 'Cookie: SECRET'
eventually shows service.log 'path=/livescore .*why=served'
unlike "$(cat "$scratch/service.log")" 'SECRET' 'no query, token or cookie is in the log'
like "$(grep 'method=GET path=/livescore ' "$scratch/service.log" | tail -n 1)" '^livescore: peer=127\.0\.0\.1 method=GET path=/livescore status=200 events=1 bytes=[0-9]+ seconds=[0-9]+\.[0-9]{3} last_id=1 why=served$' 'the log has a line for each connection'
curl -s -o /dev/null "$url/%0Alivescore:%20forged%1B%5B2J"
eventually shows service.log 'path=/%0A'; ok $? 'a path is logged as it was sent, and cannot forge a line'

printf 'GET /healthz HTTP/1.0\r\n\r\n' | livescore -d "$scratch/no"$'\nlivescore: forged\e[2J' >"$scratch/body" 2>"$scratch/forged.log"
is "$(wc -l <"$scratch/forged.log") $(grep -c '^livescore: forged' "$scratch/forged.log")" '2 0' 'control characters in the name of the database become ?, and cannot forge a line'

# IPv6, where the machine has it.
if [ -e /proc/net/if_inet6 ] && grep -q '^00000000000000000000000000000001' /proc/net/if_inet6; then
    : >"$scratch/six.log"
    start livescore -d "$db" -l '[::1]:0' 2>"$scratch/six.log"
    eventually grep -q listening "$scratch/six.log"
    url=$(sed -n 's|.*listening on \(http:.*\)/|\1|p' "$scratch/six.log")
    is "$(curl -sg -m "$PATIENCE" -o /dev/null -w '%{http_code}' "$url/healthz")" 200 'a request over IPv6 is served'
    eventually grep -q 'peer=::1 ' "$scratch/six.log"; ok $? 'a log line names a peer by its IPv6 address'
fi
serve || exit

# The command line.
livescore --version | grep -qE '^livescore [0-9.]+ \(SQLite [0-9.]+\)$'; ok $? '--version prints both versions'
manual=src/man/livescore.8
is "$(grep '^\.It Fl' "$manual" | grep -oE -- ' -[a-z][a-z-]+' | sort)" \
    "$(livescore --help | sed -nE 's/^  (-., |    )-(-[a-z-]+).*/ \2/p' | sort)" 'livescore(8) describes each option that --help lists, and no other'
defaults=$(livescore --help | sed -nE 's/^      --([a-z-]+) .*\(([0-9]+[a-z]*)\)$/\1 \2/p')
is "$(while read -r name value; do
          sed -n "/^\.It Fl -$name /,/^\.It/p" "$manual" | grep -qF "($value)" && echo "$name $value"
      done <<<"$defaults")" "$defaults" 'livescore(8) tells the defaults that --help tells'
is "$(livescore --help 2>&1 >/dev/null; echo $?)" 0 '--help succeeds, and goes to standard output'

# refused NAME PATTERN ARGUMENT... - exits 64 with a matching line, and serves no client
refused() {
    local name=$1 pattern=$2 message
    shift 2
    message=$(timeout "$PATIENCE" livescore "$@" 2>&1 </dev/null)
    is $? 64 "$name is refused with 64"
    like "$message" "$pattern" "the message about $name says what is wrong"
}
refused 'an unknown option' 'nonsense' --nonsense
refused 'an argument' 'stray' stray
refused 'an invalid time' 'heartbeat.*500ms.*never' --heartbeat never
refused 'a time of 0' 'retry.*0' --retry 0
refused 'a negative number' 'max-connections.*-1' --max-connections=-1
refused 'a number of none' 'max-per-client.*0' --max-per-client 0
refused 'an origin with a path' 'origin.*https://a/b' --origin https://a/b
refused 'an origin with a line end before its host' 'origin.*expected SCHEME' --origin $'x\r\n://h'
refused 'an origin without a scheme' 'origin.*example' --origin board.example
refused 'shared streams with a token' 'shared-streams.*token-file' --shared-streams 1m --token-file "$scratch/tokens"
refused 'an invalid port' '-l.*http' -l http
refused 'a port that is too large' '65536' -l 65536
refused 'a host name' 'localhost' -l localhost:8000
refused 'brackets that stay open' '::1' -l '[::1:80'
message=$(timeout "$PATIENCE" livescore -d "$db" -l "127.0.0.1:$port" 2>&1)
is $? 69 'a port that is taken is refused with 69'
like "$message" "127.0.0.1:$port: .*in use" 'the message about a taken port names the address'
no_crash
done_testing
