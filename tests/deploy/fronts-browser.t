#!/bin/bash
# A browser opens at most six HTTP/1.1 connections to a host, and each stream takes one; HTTP/2 has no such
# limit.
# tags: once browser packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl openssl python3 chromium
. tests/lib/fronts.sh
. tests/lib/browser.sh

# open_streams PROXY - opens eight in a page behind it
open_streams() {
    run "$1" "$1"
    visit "$base/healthz"
    js '(globalThis.streams = Array.from({length: 8}, () => new EventSource("/livescore?after=latest"))).length' >"$scratch/js"
}
are_open='streams.filter((stream) => stream.readyState === EventSource.OPEN).length'

make_db
services 1s --retry 250ms
export BROWSER_FLAGS=--ignore-certificate-errors
browser_start
# Two errors each while the service is away: the stream that ended, and an answer of the proxy's own.
for proxy in nginx haproxy caddy; do
    open_streams "$proxy"
    eventually sees "$are_open" 8; ok $? "$proxy: eight streams are open in a browser" || diag "$(js "$are_open")"
    js 'globalThis.failed = 0, streams.forEach((stream) => stream.onerror = () => failed++)' >"$scratch/js"
    kill "${service_of[nginx]}" "${service_of[haproxy]}"
    wait "${service_of[nginx]}" "${service_of[haproxy]}"
    eventually sees 'failed >= 16' true
    services 1s --retry 250ms
    eventually sees "$are_open" 8; ok $? "$proxy: streams reconnect in a browser after the service was away" || diag "$(js "$are_open")"
done
open_streams stunnel
eventually sees "$are_open" 6; ok $? 'stunnel: six of eight streams are open in a browser'
sleep 1
is "$(js "$are_open")" 6 'stunnel: the streams after the first six wait'
js 'streams.slice(0, 2).forEach((stream) => stream.close())' >"$scratch/js"
eventually sees "$are_open" 6; ok $? 'stunnel: a waiting stream opens when others are closed'
done_testing
