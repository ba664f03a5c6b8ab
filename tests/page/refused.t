#!/bin/bash
# The service refuses the board's stream, here because the address has too many: the board shows
# that, waits as long as it was told, and continues where it was.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

state='document.getElementById("connection-state").textContent'
age='document.getElementById("connection-age").textContent'
problem='document.getElementById("problem").textContent'
refusals() { grep -c 'status=429' "$scratch/service.log"; }
goal() { event m1 goal "$1:00" home "p$1" >/dev/null; }

# Events before the page was opened.
make_db
for n in {10..39}; do printf "INSERT INTO match_events(match_id, type, data) VALUES ('z$n', 'goal', '{\"player\":\"Early\"}'), ('z$n', 'message', '{\"home_team\":\"Home $n\",\"away_team\":\"Away $n\"}');\n"; done | sqlite3 -cmd ".timeout ${PATIENCE}000" "$db"
message m1 Ajax PSV 0 0 10:00 'First Half' >/dev/null
serve --retry 1s || exit
serve_port=$port
browser_start
browser before 'delete Navigator.prototype.serviceWorker' >/dev/null # its requests would need a place, too
visit "$url/"
eventually sees "$state" Live || exit
eventually sees "$(state_of m1)" live
open_row m1

watch_requests
worker 'globalThis.streams = [], globalThis.EventSource = class extends EventSource { constructor(url) { super(url); streams.push(performance.now()); } }, 0' >/dev/null

stop_service
full --max-per-client 1 --retry 2s || exit
eventually sees "$state" 'Waiting for the server'
ok $? 'a page whose stream is refused waits'
eventually sees "$problem" 'The server says: too many connections: try again later'
ok $? 'a page whose stream is refused says why, in the words of the server' || diag "$(js "$problem")"
says_when() { [[ $(js "$age") =~ ^next\ try\ in\ [0-9]+\ sec\.,\ heard\ [0-9]+\ (sec|min)\.\ ago$ ]]; } # not while it tries
eventually says_when; ok $? 'a page whose stream is refused says when it tries again'
is "$(js "$(of m1 '.home .team')")" Ajax 'a page whose stream is refused keeps what it has'
is "$(worker 'asked.filter(({ at }) => at < asked[0].at + 1000 * asked[0].after).length + " " + asked[0].status')" '1 429' 'a page learns by one request that its stream is refused'
free_place
goal 11
goal 12
eventually sees "$(players m1)" 'p12 p11'
ok $? 'a page that was refused goes on from where it was when there is a place' || diag "$(js "$(players m1)")"
is "$(worker "$patient")" true 'a page whose stream was refused waits for Retry-After' || diag "$(worker asked)"
has_stream() { [ "$(worker 'streams.length > 0')" = true ]; }
eventually has_stream && eventually sees "$state" Live
is "$? $(js "$problem")" '0 ' 'a page that was refused has a stream again, and shows no complaint'
goal 13
eventually sees "$(players m1)" 'p13 p12 p11'; ok $? 'the new stream of a page that was refused has what comes'

# The log of a match, which needs a connection besides the stream.
worker 'globalThis.setTimeout = ((real) => (call, ms) => real(call, ms / 20))(setTimeout), 0' >/dev/null
before=$(refusals)
open_row z39
refused_again() { [ "$(refusals)" -gt "$before" ]; }
eventually refused_again
is "$? $(js "$(players z39)")" '0 ' 'the log of a match is refused while the stream has the only place'
stop_service
serve || exit
eventually sees "$(players z39)" Early
ok $? 'a log that was refused is asked for again' || diag "$(js "$(players z39)")"

# The raw frames.  The board's stream would need a place, too.
browser before 'delete globalThis.SharedWorker; globalThis.EventSource = class extends EventTarget { readyState = 0; close() {} }' >/dev/null
visit "$url/?debug&after=latest"
eventually sees 'document.querySelectorAll(".frame").length > 0' true
stop_service
full --max-per-client 1 --retry 1s || exit
eventually sees 'document.querySelector(".debug .state").textContent.slice(0, 3)' 429
ok $? 'the raw frames say that their stream is refused' || diag "$(js 'document.querySelector(".debug .state").textContent')"
free_place
goal 14
eventually sees 'document.querySelector(".frame pre").textContent.includes("p14")' true
ok $? 'raw frames come when their stream is no longer refused'

unlike "$(browser complaints | sed -E 's/Failed to load resource: [^|]*//g')" '[^ |]' 'the console shows no other error or warning'
done_testing
