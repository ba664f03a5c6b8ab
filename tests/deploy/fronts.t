#!/bin/bash
# Real proxies with the files of systemd/examples, between livescore and HTTPS with HTTP/2: rows arrive at
# once, heartbeats keep an idle stream open, a client's end reaches livescore, and so does its address.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl openssl python3
. tests/lib/fronts.sh

proxies='nginx haproxy caddy stunnel'
declare -A url_of client_of
many=()

# get_code URL [CURL-OPTION...] - its status; the body goes to $scratch/body
get_code() { curl -s -m "$PATIENCE" "${tls[@]}" -o "$scratch/body" -w '%{http_code}' "$@"; }

feeder -q -d "$db" load tests/data/matches.json
services 1s
for proxy in $proxies; do
    run "$proxy" "$proxy"
    url_of[$proxy]=$base
done
eventually has_children "${service_of[nginx]}" 1
eventually has_children "${service_of[haproxy]}" 1

for proxy in $proxies; do
    version=2
    [ "$proxy" != stunnel ] || version=1.1
    is "$(curl -s "${tls[@]}" -o "$scratch/body" -w '%{http_version}' "${url_of[$proxy]}/")" "$version" "$proxy speaks HTTP/$version"
    curl -s "http://127.0.0.1:${backend[nginx]}/" | cmp -s - "$scratch/body"; ok $? "$proxy changes nothing of an answer"
    for compressed in '' --compressed; do
        ms=$(python3 tests/lib/latency.py "$db" "${tls[@]}" $compressed "${url_of[$proxy]}/livescore")
        [ "$ms" != none ] && [ "$ms" -le 500 ] # the next heartbeat would carry it along
        ok $? "$proxy: a row arrives at the client before anything else is sent${compressed:+, where it may come compressed}" || diag "$ms ms"
    done
done

# kept PROXY - two requests by two connections of a client's; whether one viewer has answered both
kept() {
    local first
    get_code "${url_of[$1]}/healthz" >"$scratch/code"
    first=$(child_pids "${service_of[$1]}")
    get_code "${url_of[$1]}/healthz" >"$scratch/code"
    [ "$(comm -12 <(sort <<<"$first") <(child_pids "${service_of[$1]}" | sort) | wc -l)" -eq 2 ]
}
for proxy in nginx caddy; do
    eventually kept "$proxy"; ok $? "$proxy sends requests of two clients on one connection, one after the other"
done

# What a proxy says of a client, and when it has gone.  Here each has its own address.
number=2
for proxy in $proxies; do
    stream "idle.$proxy" "${url_of[$proxy]}/livescore?after=latest" "${tls[@]}" --compressed -D "$scratch/head.$proxy" --interface "127.0.0.$number"
    client_of[$proxy]=$client
    number=$((number + 1))
done

# Meanwhile: a browser's limit of six streams is HTTP/1.1's, not HTTP/2's.
for proxy in nginx haproxy caddy; do
    start curl -sNZ "${tls[@]}" --parallel-max 20 -o "$scratch/$proxy.#1" "${url_of[$proxy]}/livescore?after=latest&match=m[1-20]" 2>"$scratch/progress"
    many+=($!)
done
begun() { [ "$(grep -l '^: livescore' "$scratch/$1".[1-9]* 2>/dev/null | wc -l)" -eq 20 ]; }
# connections_to URL - from clients, the idle one included
connections_to() { awk -v port="$(printf ':%04X' "${1##*:}")" '$4 == "01" && substr($3, 9) == port' /proc/net/tcp | wc -l; }
for proxy in nginx haproxy caddy; do
    eventually begun "$proxy"
    is "$? $(connections_to "${url_of[$proxy]}")" '0 2' "$proxy carries twenty streams on one connection, beside that of another client"
done
# told_to_come_back PROXY WHEN - what is not a stream gets the status as it is
told_to_come_back() {
    is "$(get_code "${url_of[$1]}/livescore" -H 'Accept: text/event-stream') $(tr -d 0-9 <"$scratch/body")" '200 retry: ' "$1: a stream says when to come back $2"
    like "$(get_code "${url_of[$1]}/livescore?format=json")" '^(429|50[234])$' "$1: JSON has the status of a failure $2"
}
for proxy in nginx haproxy caddy; do told_to_come_back "$proxy" 'when the service is full'; done
signal TERM "${many[@]}"

number=2
for proxy in $proxies; do
    eventually shows "idle.$proxy" '^:$' 5 && ! ended "${client_of[$proxy]}" # 3 s without a byte would have ended it
    ok $? "$proxy: heartbeats keep an idle stream open for longer than its time-out"
    kill "${client_of[$proxy]}"
    eventually grep -aq "peer=127.0.0.$number .*path=/livescore .*why=client-closed" "$scratch"/service.log*
    ok $? "$proxy: a client that goes away ends its process, and the log has its address"
    number=$((number + 1))
done
eventually has_children "${service_of[nginx]}" 1 && eventually has_children "${service_of[haproxy]}" 1; ok $? 'no process of a client behind a proxy is left'
is "$(grep -il '^content-encoding: gzip' "$scratch"/head.* | sed 's/.*head\.//')" nginx 'nginx, and only nginx, compresses the stream'

# The same without heartbeats.
kill "${service_of[nginx]}" "${service_of[haproxy]}"
wait "${service_of[nginx]}" "${service_of[haproxy]}"
for proxy in nginx haproxy caddy; do told_to_come_back "$proxy" 'when the service is away'; done
services 10m
for proxy in $proxies; do
    stream "silent.$proxy" "${url_of[$proxy]}/livescore?after=latest" "${tls[@]}"
    client_of[$proxy]=$client
done
for proxy in $proxies; do
    eventually shows "silent.$proxy" '^: livescore' && eventually ended "${client_of[$proxy]}"
    ok $? "$proxy: without heartbeats its time-out ends the stream"
done

# Only the client's end tells this proxy that it has gone.
run haproxy haproxy-patient -e 's/ 3s/ 10m/'
eventually has_children "${service_of[haproxy]}" 1
stream left "$base/livescore?after=latest" "${tls[@]}"
eventually shows left '^: livescore'
kill "$client"
eventually has_children "${service_of[haproxy]}" 1
ok $? 'haproxy: a client that goes away ends its process without a heartbeat and before any time-out'

# A login at the proxy, with the lines in the files.
uncommented() {
    case $1 in
    nginx)
        printf 'viewer:%s\n' "$(openssl passwd -apr1 secret)" >"$scratch/livescore.htpasswd"
        echo 's/#(auth_basic)/\1/' ;;
    haproxy) echo "s|^#(userlist.*)|\1|; s|^#( +user) .*|\1 viewer password $(openssl passwd -5 secret)|; s|#(http-request auth)|\1|" ;;
    caddy)   echo "s|#(basicauth .*)|\1|; s|#\tNAME .*|\tviewer $(HOME=$scratch caddy hash-password --plaintext secret)|; s|#\}|}|" ;;
    esac
}
for proxy in nginx haproxy caddy; do
    run "$proxy" "$proxy-login" -e "$(uncommented "$proxy")"
    is "$(get_code "$base/matches") $(get_code "$base/matches" -u viewer:secret)" '401 200' \
        "$proxy lets in clients with the password"
done

kill "${service_of[nginx]}" "${service_of[haproxy]}"
wait "${service_of[nginx]}" "${service_of[haproxy]}"
feeder token new --name desk --file "$scratch/tokens" >"$scratch/token"
services 10m --token-file "$scratch/tokens"
for proxy in nginx haproxy caddy; do
    like "$(curl -s -m "$PATIENCE" "${tls[@]}" -o "$scratch/body" -D - -H 'Accept: text/html' "${url_of[$proxy]}/?token=$(cat "$scratch/token")")" '[Ss]et-[Cc]ookie: .*; Secure' \
        "$proxy says that a browser uses HTTPS, so it keeps its token from plain HTTP"
done
no_crash
done_testing
