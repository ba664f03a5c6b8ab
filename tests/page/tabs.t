#!/bin/bash
# One stream for all tabs of a browser, through a shared worker; without that, one stream per
# page.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

score=$(of m1 '.home .score')
state='document.getElementById("connection-state").textContent'
closed() { grep -c 'path=/livescore .*why=client-closed' "$scratch/service.log"; }
more_closed() { [ "$(closed)" -gt "$before" ]; }
no_worker() { [ "$(worker 0)" = 'error: there is no worker' ]; }

make_db
message m1 Ajax PSV 0 0 10:00 'First Half' >/dev/null
serve --head-timeout 1s || exit
browser_start
for tab in 1 2 3 4 5 6 7 8 9 10; do
    [ $tab -eq 1 ] || browser tab >/dev/null
    visit "$url/"
done
up_to_date() {
    local tab
    for tab in 1 2 3 4 5 6 7 8 9 10; do
        browser tab $tab >/dev/null
        eventually sees "$score" "$1" || return
    done
}
up_to_date 0; ok $? 'ten tabs show the score'
eventually has_connections 1; ok $? 'ten tabs have one connection' || diag "$(connections) connections"
message m1 Ajax PSV 1 0 11:00 'First Half' >/dev/null
up_to_date 1; ok $? 'a goal is in all ten tabs'

browser tab 10 >/dev/null
for tab in 1 2 3 4 5 6 7 8 9; do
    browser tab $tab >/dev/null
    browser close >/dev/null
done
message m1 Ajax PSV 2 0 12:00 'First Half' >/dev/null
browser tab 10 >/dev/null
eventually sees "$score" 2; ok $? 'the last of ten tabs has the next goal'
eventually has_connections 1
is "$? $(closed)" '0 0' 'the last tab still uses the first connection'
browser close >/dev/null
eventually has_connections 0; ok $? 'without a tab there is no connection'
browser tab >/dev/null
visit "$url/"
eventually sees "$score" 2; ok $? 'a tab that is opened after all were closed has the score'

# The worker dies, as with the tab whose process it shared.  Tabs poll every 15 s; here, every 1.5 s.
often='globalThis.setInterval = ((real) => (call, ms) => real(call, ms > 1000 ? ms / 10 : ms))(setInterval); globalThis.links = 0, globalThis.SharedWorker = class extends SharedWorker { constructor(...what) { super(...what); links += 1; } }'
browser close >/dev/null
tabs="$(browser tab) $(browser tab)"
for tab in $tabs; do
    browser tab "$tab" >/dev/null
    browser before "$often" >/dev/null
    visit "$url/"
    eventually sees "$score" 2
done
worker 'globalThis.first = true' >/dev/null
sleep 4
is "$(js links)" 1 'a worker that answers is kept'
before=$(closed)
browser end-worker >/dev/null
eventually more_closed # the next worker may have connected before
message m1 Ajax PSV 3 0 13:00 'First Half' >/dev/null
in_both() { local tab; for tab in $tabs; do browser tab "$tab" >/dev/null; eventually sees "$score" "$1" || return; done; }
in_both 3; ok $? 'a worker that died is replaced'
is "$(worker 'String(globalThis.first)')" undefined 'the worker of the tabs is a new one'
eventually has_connections 1; ok $? 'two tabs have one connection after their worker died'
message m1 Ajax PSV 2 0 14:00 'First Half' >/dev/null
in_both 2; ok $? 'both tabs get new rows after their worker died'
for tab in $tabs; do
    browser tab "$tab" >/dev/null
    browser close >/dev/null
done
browser tab >/dev/null

# Without a worker; and with one that does not start.
browser before 'delete globalThis.SharedWorker' >/dev/null
visit "$url/"
eventually sees "$score" 2
eventually no_worker
is "$? $(js 'typeof SharedWorker')" '0 undefined' 'a browser without shared workers shows the score, too'
browser before 'globalThis.SharedWorker = class extends EventTarget { port = new MessageChannel().port1; constructor() { super(); setTimeout(() => this.dispatchEvent(new Event("error")), 0); } }' >/dev/null
visit "$url/"
eventually sees "$score" 2
ok $? 'a browser in which the shared worker fails shows the score, too'
message m1 Ajax PSV 3 0 15:00 'First Half' >/dev/null
eventually sees "$score" 3
ok $? 'a page without a worker opens its own stream'
is "$(js "$state")" Live 'a page without a worker is live'
is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
