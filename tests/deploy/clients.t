#!/bin/bash
# Third-party clients follow the log while rows are written and the service is killed and restarted:
# each gets every row once, in order, unchanged.
# tags: once browser packages slow
. tests/lib/lib.sh
need sqlite3 curl node npm chromium python3 /usr/bin/python3
. tests/lib/browser.sh
. tests/lib/packages.sh

PACKAGES='eventsource@3.0.7 eventsource-client@1.2.0 eventsource-parser@3.0.6 launchdarkly-eventsource@2.2.0 undici@6.29.1'
CLIENTS='eventsource eventsource-client undici launchdarkly python-sseclient python-httpx-sse python-requests curl'

modules=.build/clients/node_modules

# Installs once for all runs: the list of installed packages is written last.
install_packages() {
    [ "$(cat "$modules/packages" 2>/dev/null)" != "$PACKAGES" ] || return 0
    # shellcheck disable=SC2086 # a list of words
    npm install --prefix .build/clients --fetch-retries=1 --no-save --no-package-lock --no-audit --no-fund --loglevel=error $PACKAGES \
        >"$scratch/npm.log" 2>&1 && echo "$PACKAGES" >"$modules/packages"
}
install_packages || missing_here "npm can't install the clients: $(tail -n 1 "$scratch/npm.log")"
unpack python3-requests python3-oauthlib python3-httpx
suite=trixie unpack python3-homeconnect python3-httpx-sse      # the first contains sseclient
PYTHONPATH=$PYTHONPATH:$packages/python3-homeconnect/usr/lib/python3/dist-packages/homeconnect

# write FROM TO - rows of three types, one by one; some with newlines, some too large for the ring
write() {
    local n
    for ((n = $1; n <= $2; n++)); do
        sql "INSERT INTO match_events(match_id, type, data)
             SELECT 'm' || ($n % 3), CASE $n % 5 WHEN 0 THEN 'message' WHEN 1 THEN 'var' ELSE 'goal' END,
                    '{\"n\":$n,' || char(10) || '\"player\":\"Jørgen Ålykke ⚽\",\"pad\":\"' ||
                    printf('%.*c', CASE WHEN $n % 40 = 7 THEN 90000 ELSE $n END, 'x') || '\"}'"
        sleep 0.03
    done
}

# start_client NAME - its rows go to $scratch/NAME
start_client() {
    local from="$url/livescore?after=0"
    case $1 in
    curl) start tests/deploy/clients/curl "$from" >"$scratch/curl" ;;
    python-*)
        start /usr/bin/python3 "tests/deploy/clients/$1.py" "$from" >"$scratch/$1" 2>"$scratch/$1.errors" ;;
    *)    NODE_PATH=$modules start node "tests/deploy/clients/$1.cjs" "$from" >"$scratch/$1" 2>"$scratch/$1.errors" ;;
    esac
}

# have ID - whether all clients have that row
have() {
    local client
    for client in $CLIENTS; do grep -q "^$1 " "$scratch/$client" || return 1; done
    sees "rows.includes('\\n$1 ')" true
}

# told - the last row of each
told() {
    local client
    for client in $CLIENTS; do diag "$client: $(tail -n 1 "$scratch/$client" | cut -c 1-60)"; done
    diag "chromium: $(js 'rows.slice(-200).split("\n").at(-2).slice(0, 60)')"
}

make_db
write 1 20
serve --retry 200ms || exit
serve_port=$port
for client in $CLIENTS; do start_client "$client"; done
browser_start
visit "$url/healthz"
js "$(grep -v '^ *\(/\*\|//\)' tests/deploy/clients/chromium.js | tr '\n' ' '); 0" >/dev/null
eventually have 20
ok $? 'all clients have the log as it was' || told

# Rows are written until all clients have reconnected.
for ((n = 21; ; n++)); do
    write "$n" "$n"
    [ ! -e "$scratch/enough" ] || break
done &
writer=$!
newest() { sql 'SELECT max(id) FROM match_events'; }
eventually have 30
stop_service KILL
sleep 0.3
before=$(newest)
serve --retry 200ms || exit
eventually have $((before + 10))
ok $? 'all clients reconnect to a killed and restarted service while rows are written' || told
stop_service
before=$(newest)
serve --retry 200ms || exit
eventually have $((before + 10))
ok $? 'all clients reconnect to a restarted service while rows are written' || told
: >"$scratch/enough"
wait "$writer"
eventually have "$(newest)"
ok $? 'all clients have the last row' || told

sql "SELECT id || ' ' || type || ' ' || replace(data, char(10), '\\n') FROM match_events ORDER BY id" >"$scratch/expected"
is "$(wc -l <"$scratch/expected")" "$(newest)" 'the log has all rows'
for client in $CLIENTS; do
    cmp "$scratch/expected" "$scratch/$client" >"$scratch/difference" 2>&1
    ok $? "$client got every row once, in order, unchanged" || diag "$(cat "$scratch/difference" "$scratch/$client.errors" | head -n 5)"
done
js 'JSON.stringify(rows)' | python3 -c 'import json, sys; sys.stdout.write(json.load(sys.stdin))' >"$scratch/chromium"
cmp "$scratch/expected" "$scratch/chromium" >"$scratch/difference" 2>&1
ok $? "chromium got every row once, in order, unchanged" || diag "$(cat "$scratch/difference")"
no_crash
done_testing
