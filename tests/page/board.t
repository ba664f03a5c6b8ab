#!/bin/bash
# The live board in a real browser: what it shows of incoming rows, and of hostile ones.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 curl chromium python3
. tests/lib/browser.sh

sqlite3 "$db" <sql/schema.sql >/dev/null
serve || exit
browser_start
browser before 'delete Navigator.prototype.serviceWorker' >/dev/null # it would answer for the service
visit "$url/"
eventually sees 'document.getElementById("nothing").hidden' false
ok $? 'an empty database shows as "no matches yet"'
eventually sees 'document.getElementById("connection-state").textContent' Live
ok $? 'the page says that it is connected'

message m1 'Manchester United' Liverpool 0 0 10:00 'First Half' >/dev/null
eventually sees "$(of m1 '.away .team')" Liverpool
ok $? 'a match appears with its first row'
like "$(js "$(of m1 .clock)"), $(js "$(of m1 .status)")" '^11′, First half$' 'a match has its clock and its status'
is "$(js "$(state_of m1)")" live 'a match that is played is live'
message m1 'Manchester United' Liverpool 0 0 45+2 'Half Time' >/dev/null
eventually sees 'document.querySelector("[data-match=m1] .when").innerText.trim()' Half-time
ok $? 'a row says that it is half-time' || diag "$(js 'document.querySelector("[data-match=m1] .when").innerText')"
message m1 'Manchester United' Liverpool 0 0 10:00 'First Half' >/dev/null
eventually sees 'document.querySelector("[data-match=m1] .when").innerText.trim()' 11′
ok $? 'a row of a match in play says its minute'
is "$(js 'document.getElementById("nothing").hidden')" true '"no matches yet" goes with the first match'

message m0 Ajax Feyenoord 2 1 90+3 'Full Time' >/dev/null
eventually sees "$(state_of m0)" finished
listed='[...document.querySelectorAll(".match")].map(({ dataset }) => dataset.match).join(" ")'
eventually sees "$listed" 'm1 m0'; ok $? 'without kick-offs, matches in play are first' || diag "$(js "$listed")"
is "$(curl -s "$url/" | grep -o '<li class="match"[^>]*>.*href="[^"]*"' | cut -d = -f 6 | tr -d '"' | xargs)" 'm1 m0' 'the HTML of the page has the order of the board'
js 'window.shifts = [], new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value))).observe({type: "layout-shift"}), 0' >/dev/null
open_row m1
js 'shifts.length = 0' >/dev/null
event m1 goal 23:15 home 'Marcus Rashford' ',"score":{"home":1,"away":0}' >/dev/null
eventually sees "$(of m1 '.home .score')" 1
ok $? 'a goal moves the score'
event m1 yellow-card 30:00 away 'Ibrahima Konaté' >/dev/null
goal=$(event m1 own-goal 31:10 home 'Virgil van Dijk' ',"score":{"home":2,"away":0}')
eventually sees "$(players m1)" 'Virgil van Dijk Ibrahima Konaté Marcus Rashford'
ok $? 'events are listed, the newest first' || diag "$(js "$(players m1)")"
is "$(js 'document.querySelector("[data-match=m1] .event:last-child").innerText.replaceAll(/\s+/g, " ")')" '24′ Goal Marcus Rashford 1–0 Manchester United' 'an event shows its minute and its type first, then its player'
is "$(js 'document.getElementById("announcer").textContent')" \
    'Goal for Manchester United, Marcus Rashford. Manchester United 1, Liverpool 0.Goal (Own goal) for Manchester United, Virgil van Dijk. Manchester United 2, Liverpool 0.' \
    'a screen reader announces goals only'
is "$(js '[...document.querySelectorAll(".row")].map(({ offsetHeight }) => offsetHeight).join(" ")')" '50 50' 'a row is 50 px high'

event m1 var 33:00 home '' ",\"voids\":$goal,\"detail\":\"no goal\",\"score\":{\"home\":1,\"away\":0}" >/dev/null
eventually sees "$(of m1 '.voided .who')" 'Virgil van Dijk'
ok $? 'a correction strikes out the event that it takes back'
is "$(js "$(of m1 '.home .score')")" 1 'a correction puts the score back'

row m1 message '{"match_id":"m1","home_team":"Manchester United","away_team":"Liverpool","score":{"home":1,"away":1},"time":"40:00","status":"First Half","events":[{"time":"23:15","type":"goal","team":"home","player":"Marcus Rashford"},{"time":"39:40","type":"bicycle-kick","team":"away","player":"Mohamed Salah"}]}' >/dev/null
eventually sees "$(of m1 '.away .score')" 1
is "$(js "$(players m1)")" 'Virgil van Dijk Ibrahima Konaté Marcus Rashford' \
    'an event that the message repeats shows once, one of an unknown type only on the page of the match'

row m1 goal '{"player":"x"}' >/dev/null
row m1 message '[1,2]' >/dev/null
row m1 message '{"match_id":"m1","score":"many","time":{},"status":7,"events":"none"}' >/dev/null
row m2 message '{"home_team":"Ajax","away_team":"PSV"}' >/dev/null
eventually sees "$(of m2 '.home .score')" –
ok $? 'rows that say little or nonsense do no harm'

message m1 'Manchester United' Liverpool 1 1 90+4 'Full Time' >/dev/null
eventually sees "$(state_of m1)" finished
ok $? 'a match that is over is finished'
message m1 'Manchester United' Liverpool 1 1 90:00 'Extra Time' >/dev/null
eventually sees "$(state_of m1)" live
is "$(js "$(of m1 '.event:last-child .who')")" 'Marcus Rashford' 'a match keeps its events in extra time'
message m1 'Manchester United' Liverpool 1 1 120+1 'After Extra Time' >/dev/null
message m1 'Manchester United' Liverpool 0 0 0:00 Scheduled >/dev/null
eventually sees "$(state_of m1)" upcoming
is "$(js "$(players m1)")" '' 'a match that is replayed loses its events'
message m0 Ajax Feyenoord 0 0 0:00 Postponed >/dev/null
eventually sees "$(of m0 '.home .score')" –
ok $? 'a postponed match has no score' || diag "$(js "$(of m0 '.home .score')")"

message m0 Ajax Feyenoord 149 0 90:00 'Second Half' >/dev/null
eventually sees "$(of m0 '.home .score')" 149
is "$(js 'document.querySelector("[data-match=m0] .home .score").offsetHeight < 30')" true 'a score of three digits is one line'

# shellcheck disable=SC2016
evil='<img src=x onerror=alert(1)>${7*7}{{7*7}}</li></article><script>alert(2)</script>&lt;&#x202e;'
message '__proto__' "$evil" "$evil" 1 0 "$evil" "$evil" >/dev/null
event '__proto__' goal "$evil" "$evil" "$evil" >/dev/null
event '__proto__' constructor 1:00 home "$evil" >/dev/null
event '<b>&' goal 1:00 home 'Bobby <b>Tables</b>' >/dev/null
eventually sees "$(state_of '<b>&')" live
open_row '<b>&'
open_row __proto__
eventually sees "$(of '<b>&' .who)" 'Bobby <b>Tables</b>'
is "$(js "$(of __proto__ '.home .team')")" "$evil" 'a hostile team name is just text'
is "$(js "$(of __proto__ .who)")" "$evil" 'a hostile player is just text'
is "$(js 'document.querySelectorAll("main img, main script, main b, main [onerror]").length')" 0 'hostile names make no element'

browser size 320 640 >/dev/null
is "$(js 'document.documentElement.scrollWidth')" 320 'a phone of 320 px has nothing to scroll sideways'
light=$(js 'getComputedStyle(document.body).backgroundColor')
browser colours dark >/dev/null
dark=$(js 'getComputedStyle(document.body).backgroundColor')
is "$light $dark" 'rgb(243, 245, 244) rgb(15, 20, 18)' 'the page is dark for readers who prefer it'

# The first visit of a reader of the largest language.
visit "$url/?lang=ar"
eventually sees 'document.documentElement.dir' rtl
eventually sees "$(state_of m1)" upcoming
page=$(curl -s "$url/?match=none" | gzip -9c | wc -c)
size=$(js "[...new Map(performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/') && !/(match|tables|settings|debug)[.]js/.test(name)).map(({ name, encodedBodySize: size }) => [name, size])).values()].reduce((sum, size) => sum + size, $page)")
[ "$size" -gt 20000 ] && [ "$size" -lt 45000 ]
ok $? 'page, scripts and style of a first visit are less than 45 KB, compressed' || diag "$size bytes"

is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
