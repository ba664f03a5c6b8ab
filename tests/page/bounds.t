#!/bin/bash
# A page that is open for days keeps only the matches that a new one would have, and the whole
# time line only of an open match.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

MATCHES=1000
rows='document.querySelectorAll(".match").length'
moments='document.querySelectorAll(".timeline .moment").length'

# matches FROM TO STATUS
matches() {
    sql "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
         INSERT INTO match_events(match_id, data)
         SELECT 'm' || i, json_object('home_team', 'Home ' || i, 'away_team', 'Away', 'status', '$3') FROM n"
}

# cards FROM TO - in one match
cards() {
    sql "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
         INSERT INTO match_events(match_id, type, data)
         SELECT 'm2', 'yellow-card', json_object('player', 'P' || i) FROM n"
}

make_db
matches 1 1 'Full Time'
matches 2 $MATCHES 'First Half'
serve || exit
browser_start
# How many events of a match the worker sends.
browser before 'globalThis.told = {}, globalThis.SharedWorker = class extends SharedWorker { constructor(...what) { super(...what); this.port.addEventListener("message", ({ data }) => { for (const { id, events } of data.matches ?? []) told[id] = events.length; }); } }' >/dev/null
visit "$url/"
eventually sees "$rows" $MATCHES; ok $? "$MATCHES matches are on the board"
is "$(js "$(state_of m1)")" finished 'a match that is over is finished'
matches 1001 1001 'First Half'
eventually sees "$(state_of m1001)" live; ok $? 'a match beyond the bound is shown'
eventually sees "$rows" $MATCHES; ok $? 'one match is dropped when there is one too many' || diag "$(js "$rows")"
is "$(js "$(state_of m1)")" null 'the match that is dropped is a finished one'
matches 1002 1300 'First Half'
eventually sees "$(state_of m1300)" live
is "$(js "$rows + ' ' + document.getElementById('live-count').textContent")" "$MATCHES $MATCHES" 'there are never more matches than the bound'
message m1 'Home 1' Away 1 1 90+3 'Full Time' >/dev/null
eventually sees "$(of m1 '.home .score')" 1; ok $? 'a dropped match returns with its next update'

# Two tabs: one shows a match, the other its row.
cards 1 90
browser tab >/dev/null
visit "$url/?match=m2"
eventually sees "$moments" 90; ok $? 'a reader of a match has its whole time line' || diag "$(js "$moments")"
cards 91 100
eventually sees "$moments" 100; ok $? 'the time line of a match gets what happens while it is open'
browser tab 1 >/dev/null
newest() { seq -f 'P%g' "$1" -1 $(($1 - 23)) | paste -sd ' '; }
open_row m2
eventually sees "$(players m2)" "$(newest 100)"; ok $? 'an open row has the newest 24' || diag "$(js "$(players m2)")"
is "$(js told.m2)" 100 'the worker sends all events of an open match'
browser tab 2 >/dev/null
visit about:blank
browser tab 1 >/dev/null
# The worker learns it from the page's last event, which may come after the next page is there.
last=100
keeps_a_row() {
    cards $((++last)) $last
    eventually sees "$(players m2)" "$(newest $last)" && [ "$(js told.m2)" -eq 24 ]
}
eventually keeps_a_row; ok $? 'the worker keeps only what a row needs when the match is closed' || diag "$(js told.m2)"
browser tab 2 >/dev/null
visit "$url/?match=m2"
eventually sees "$moments" $last; ok $? 'a reader who reopens a match has the events since' || diag "$(js "$moments")"

# A day of more matches than that.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $((MATCHES + 300)))
     INSERT INTO match_events(match_id, data)
     SELECT 'd' || i, json_object('home_team', 'Home ' || i, 'starts_at', '2025-06-01T12:00:00Z', 'status', 'Full Time') FROM n"
visit "$url/?day=2025-06-01"
eventually sees "$rows >= $MATCHES" true
is "$(js "$rows")" $MATCHES 'a day of more matches than the bound has only as many'
is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
