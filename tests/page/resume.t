#!/bin/bash
# The live board while its server comes and goes: it shows that, reconnects by itself, and
# neither loses nor repeats a row.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

state='document.getElementById("connection-state").textContent'
problem='document.getElementById("problem").textContent'

# goals FROM TO - that many events of m1, by the players p1, p2, ...
goals() {
    local n
    for ((n = $1; n <= $2; n++)); do event m1 goal "$n:00" home "p$n" >/dev/null; done
}

# newest_first N - the page's list after goals 1 N
newest_first() { seq -f 'p%g' "$1" -1 1 | paste -sd ' '; }

# lists N - whether it has these, each once and in order
lists() { sees "$(players m1)" "$(newest_first "$1")"; }

sqlite3 "$db" <sql/schema.sql >/dev/null
message m1 Ajax PSV 0 0 0:00 'First Half' >/dev/null
serve || exit
serve_port=$port
browser_start
visit "$url/?match=m1"
eventually sees "$(of m1 '.home .team')" Ajax
goals 1 5
eventually lists 5
ok $? 'the page is up to date before anything happens'

stop_service KILL
eventually sees "$state" Reconnecting
ok $? 'a page says that it reconnects when its server is killed'
goals 6 9
serve || exit
eventually lists 9
ok $? 'a page shows what it missed, and nothing twice, when its server is back' || diag "$(js "$(players m1)")"
eventually sees "$state" Live; ok $? 'a page says that it is connected when the server is back'

for round in 1 2 3; do
    goals $((5 * round + 5)) $((5 * round + 7)) &
    writer=$!
    stop_service
    serve || exit
    wait "$writer"
    goals $((5 * round + 8)) $((5 * round + 9))
done
eventually lists 24
ok $? 'each row that is written while the server restarts three times shows once, in order' ||
    diag "$(js "$(players m1)")"

worker 'const now = Date.now; Date.now = () => now() + 50000; 0' >/dev/null
eventually grep -q 'path=/livescore .*why=client-closed' "$scratch/service.log"
ok $? 'a stream that was silent for longer than 45 s is given up'
goals 25 26
eventually lists 26
ok $? 'a page that gave up a silent stream goes on from the same place' || diag "$(js "$(players m1)")"

mv "$db" "$scratch/away.db"
eventually sees "$state" 'Waiting for the server'
ok $? 'a page says that it waits when the database is gone'
like "$(js "$problem")" '^The server says: .+' 'a page says in the words of the server why it waits'
says_when() { [[ $(js 'document.getElementById("connection-age").textContent') =~ ^next\ try\ in\ [0-9]+\ sec\.,\ heard\ [0-9]+\ (sec|min)\.\ ago$ ]]; } # not while it tries
eventually says_when; ok $? 'a page that waits says for how long, and how old its news is'
mv "$scratch/away.db" "$db"
goals 27 28
eventually lists 28
ok $? 'a page that waits goes on from where it was when the server is ready' || diag "$(js "$(players m1)")"
eventually sees "$problem" ''; ok $? 'a page that is connected again shows no complaint'

# Another database, where the cursor means nothing.  From here on removals from the board are
# counted, and whether a row was hidden or recreated.
visit "$url/"
eventually sees "$(of m1 '.home .team')" Ajax
watching='new MutationObserver((changes) => { taken += changes.flatMap(({ removedNodes }) => [...removedNodes]).filter(({ className }) => className === "match").length; empty += document.querySelectorAll(".match:not([hidden])").length === 0; })'
js "window.card = document.querySelector('[data-match=m1]'), window.taken = window.empty = 0, $watching.observe(document.getElementById('board'), { subtree: true, childList: true, attributes: true }), 0" >/dev/null
message gone Celtic Rangers 0 0 1:00 'First Half' >/dev/null
eventually sees "$(of gone '.home .team')" Celtic
stop_service
rm -f "$db" "$db-wal" "$db-shm"
sqlite3 "$db" <sql/schema.sql >/dev/null
message m1 Ajax PSV 7 0 80:00 'Second Half' >/dev/null
message m2 Feyenoord Twente 2 1 70:00 'Second Half' >/dev/null
event m2 goal 71:00 away 'Sem Steijn' ',"score":{"home":2,"away":2}' >/dev/null
serve || exit
eventually sees "$(of gone .team)" null
ok $? 'a page drops matches that only the old database had'
eventually sees "$(state_of m2)" live
open_row m2
open_row m1
eventually sees "$(players m2)" 'Sem Steijn'
ok $? 'a page follows a replaced database'
is "$(js "$(of m1 '.home .score')") $(js "$(players m1)")" '7 ' 'a match that is in both databases is as the new one has it'
is "$(js '[taken, empty, card.isConnected].join(" ")')" '1 0 true' 'a match that is in both databases keeps its row'
event m2 goal 75:00 home 'Igor Paixão' ',"score":{"home":3,"away":2}' >/dev/null
eventually sees "$(of m2 '.home .score')" 3
ok $? 'a page follows the rows of another database'

# The browser itself reports each failed attempt; nothing else may be wrong.
unlike "$(browser complaints | sed -E 's/Failed to load resource: [^|]*//g')" '[^ |]' 'the console shows no other error or warning'
done_testing
