#!/bin/bash
# The client behind a proxy: the address from a trusted proxy counts, and limits apply to that
# client.
# tags: sanitized

. tests/lib/lib.sh
need curl python3

# peer_of NAME [CURL-OPTION...] - the peer in the log of a request for /NAME
peer_of() {
    local name=$1
    shift
    curl -s -m "$PATIENCE" -o /dev/null "$url/$name" "$@"
    eventually grep -q "path=/$name " "$scratch/service.log"
    sed -n "s|.*peer=\([^ ]*\) .*path=/$name .*|\1|p" "$scratch/service.log"
}

# hold N HEAD - opens N streams with these fields, and waits until they run; release ends them
hold() {
    local i
    held=()
    for ((i = 0; i < $1; i++)); do
        stream "held$i" "$url/livescore" -H "$2"
        held+=("$client")
        eventually shows "held$i" '^id: '
    done
}
release() {
    kill "${held[@]}"
    eventually has_children "$service" "$idle"
}
status() { curl -s -m "$PATIENCE" -o "$scratch/body" -D "$scratch/head" -w '%{http_code}' "$url/healthz" "$@"; }

make_db
message m1 1 0
n=0

serve || exit
is "$(peer_of believe -H 'X-Forwarded-For: 192.0.2.7')" 127.0.0.1 'without --trust-proxy X-Forwarded-For is ignored'

serve --trust-proxy 10.0.0.0/8 --trust-proxy 127.0.0.1 --max-per-client 2 || exit
is "$(peer_of one -H 'X-Forwarded-For: 192.0.2.7')" 192.0.2.7 'the client is the one that a trusted proxy names'
is "$(peer_of six -H 'X-Forwarded-For: [2001:db8::7]:80')" 2001:db8::7 'the client is the one that a trusted proxy names by an IPv6 address and a port'
is "$(peer_of two -H 'X-Forwarded-For: 203.0.113.1, 192.0.2.7, 10.1.1.1')" 192.0.2.7 'behind two trusted proxies the client is the peer of the first'
for bad in '192.0.2.7 why=forged' '203.0.113.1, unknown' '192.0.2.7:http' '[192.0.2.7]'; do
    n=$((n + 1))
    is "$(peer_of "bad$n" -H "X-Forwarded-For: $bad")" 127.0.0.1 "a field whose end is not an address is ignored: $bad"
done
is "$(peer_of none)" 127.0.0.1 'a proxy that sends no field is the client itself'
is "$(peer_of other --interface 127.0.0.2 -H 'X-Forwarded-For: 192.0.2.7')" 127.0.0.2 'the field of a peer that is not a trusted proxy is ignored'

# Limits, when all clients share the proxy's address.
eventually has_children "$service" "$idle"
hold 2 'X-Forwarded-For: 192.0.2.7'
is "$(status -H 'X-Forwarded-For: 192.0.2.7')" 429 'one connection more than --max-per-client gets 429'
like "$(cat "$scratch/head")" $'Retry-After: [1-9][0-9]*\r' 'a 429 for a client behind a proxy has Retry-After'
is "$(status -H 'X-Forwarded-For: 192.0.2.8')" 200 'another client behind the same proxy is served'
is "$(status --interface 127.0.0.2 -H 'X-Forwarded-For: 192.0.2.7')" 200 'a client without a proxy is served'
release
is "$(status -H 'X-Forwarded-For: 192.0.2.7')" 200 'a client behind a proxy is served when its other connections have gone'
hold 2 'X-Forwarded-For: 2001:db8::1'
is "$(status -H 'X-Forwarded-For: 2001:db8::2')" 429 'the addresses of an IPv6 /64 are one client'
is "$(status -H 'X-Forwarded-For: 2001:db8:0:1::1')" 200 'the addresses of two IPv6 /64 are two clients'
release

# The PROXY protocol.
serve --proxy-protocol || exit
# shellcheck disable=SC2059 # the format is the test's
raw() { printf "$1" | python3 tests/lib/wire.py "$port" send -; }
proxied() { raw "$1GET /$2 HTTP/1.0\r\n\r\n" | head -1 | tr -d '\r'; }
logged() { eventually grep -qE "$1" "$scratch/service.log"; }

is "$(proxied 'PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n' v1)" 'HTTP/1.1 404 Not Found' 'a request after a PROXY header is answered'
logged 'peer=192\.0\.2\.7 method=GET path=/v1 '; ok $? 'the log names the client of a PROXY header'
proxied '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C\xC0\0\2\x08\xC0\0\2\x01\xDC\x04\x01\xBB' v2 >/dev/null
logged 'peer=192\.0\.2\.8 method=GET path=/v2 '; ok $? 'the log names the client of a PROXY header in version 2'
proxied '\r\n\r\n\0\r\nQUIT\n\x20\0\0\0' local >/dev/null
logged 'peer=127\.0\.0\.1 method=GET path=/local '; ok $? 'a LOCAL PROXY header is from the proxy itself'
proxied '\r\n\r\n\0\r\nQUIT\n\x20\x11\0\x0C\xC0\0\2\x08\xC0\0\2\x01\xDC\x04\x01\xBB' named >/dev/null
logged 'peer=127\.0\.0\.1 method=GET path=/named '; ok $? 'the addresses of a LOCAL PROXY header are ignored'
printf 'PROXY TCP6 2001:db8::9 ::1 1 2\r\nGET /healthz HTTP/1.0\r\nAccept: */*\r\n\r\n' >"$scratch/request"
is "$(python3 tests/lib/wire.py "$port" cut "$scratch/request")" $(($(wc -c <"$scratch/request") - 1)) 'a request after a PROXY header is the same, wherever it is cut'
is "$(proxied '' nothing)" '' 'a request without a PROXY header is not answered'
logged 'peer=127\.0\.0\.1 method=- path=- status=0 .*why=no-proxy-header'; ok $? 'the log says that there was no PROXY header'
is "$(proxied 'PROXY TCP4 192.0.2.300 192.0.2.1 1 2\r\n' bad)" '' 'a request after a malformed PROXY header is not answered'

is "$(proxied 'PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\nPROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n' twice)" 'HTTP/1.1 400 Bad Request' 'a second PROXY header is a bad request'
serve --proxy-protocol --head-timeout 1s || exit
for half in 'PROXY ' 'PROXY TCP4 192.0.2.'; do
    is "$(raw "$half")" '' "half a PROXY header is not answered: $half"
done

# Both: the balancer's proxy adds the field.
serve --proxy-protocol --trust-proxy 10.0.0.0/8 --max-per-client 1 || exit
raw 'PROXY TCP4 10.1.1.1 192.0.2.1 1 2\r\nGET /both HTTP/1.0\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n' >/dev/null
logged 'peer=192\.0\.2\.9 method=GET path=/both '; ok $? 'a proxy that a PROXY header names may be trusted'
raw 'PROXY TCP4 172.16.0.1 192.0.2.1 1 2\r\nGET /else HTTP/1.0\r\nX-Forwarded-For: 192.0.2.9\r\n\r\n' >/dev/null
logged 'peer=172\.16\.0\.1 method=GET path=/else '; ok $? 'the field of a peer that a PROXY header names is ignored unless it is a trusted proxy'

# Mistakes.
refuses() { livescore -d "$db" "$@" 2>&1 </dev/null; echo "exit $?"; }
is "$(refuses --trust-proxy 10.0.0.0/33)" $'livescore: --trust-proxy: expected ADDRESS or ADDRESS/BITS, as in 192.0.2.1 or 2001:db8::/64, or unix, found 10.0.0.0/33\nexit 64' '--trust-proxy refuses an invalid network'
many=()
for ((i = 0; i < 32; i++)); do many+=(--trust-proxy "10.0.0.$i"); done
like "$(refuses "${many[@]}")" 'exit 0' '--trust-proxy is taken 32 times'
like "$(refuses "${many[@]}" --trust-proxy 10.0.1.1)" 'at most 32' '--trust-proxy is refused a 33rd time'
no_crash
done_testing
