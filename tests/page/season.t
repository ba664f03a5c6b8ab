#!/bin/bash
# The board of a season: days, headings, filters, favourites, spoilers, tables, and the page of a match; on
# phones and wide screens, light, dark, in forced colours, in print, and from right to left.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

at() { date -u -d "$1" +%FT%TZ; }
# played MATCH HOME AWAY GOALS GOALS TIME STATUS KICK-OFF MORE - a match of a season
played() {
    row "$1" message "{\"match_id\":\"$1\",\"home_team\":\"$2\",\"away_team\":\"$3\",\"score\":{\"home\":$4,\"away\":$5},\"time\":\"$6\",\"status\":\"$7\",\"starts_at\":\"$8\"$9}" >/dev/null
}
shown='[...document.querySelectorAll("#leagues .league:not([hidden]) .matches:not([hidden]) .match:not([hidden])")].map(({ dataset }) => dataset.match).join(" ")'
text() { js "document.querySelector('$1')?.innerText.replaceAll(/\\s+/g, ' ').trim() ?? ''"; }
click() { js "document.querySelector('$1').click()" >/dev/null; }
pick() { js "(() => { const one = document.getElementById('$1'); one.checked !== undefined && one.type === 'checkbox' ? one.click() : (one.value = '${2:-}', one.dispatchEvent(new Event('change'))); })()" >/dev/null; }
settings() { click '#open-settings'; eventually sees 'document.getElementById("settings").open' true; }

league=',"competition":"Premier League","season":"2026/27","round":"Matchday 13"'
today=$(date -u +%F)
make_db
played old Arsenal Chelsea 1 0 90 'Full Time' "$(at "$today -1 day 12:00")" "$league"
played old2 Leeds Everton 2 0 90 'Full Time' "$(at "$today -1 day 12:00")" "$league"
event old goal 10:00 home Ødegaard >/dev/null
event m1 red-card 30:00 away 'Ben White' >/dev/null
played m1 Leeds Arsenal 0 1 50:00 'Second Half' "${today}T12:00:00Z" "$league,\"half_time\":{\"home\":0,\"away\":1}"
played m2 Chelsea Everton 0 0 '' Scheduled "${today}T12:30:00Z" "$league"
played late Fulham Wolves 0 0 '' Scheduled "${today}T23:30:00Z" "$league"
for kick in 'goal home A' 'miss away B' 'goal home C'; do read -r how side who <<<"$kick"; row cup "shootout-$how" "{\"team\":\"$side\",\"player\":\"$who\"}" >/dev/null; done
row cup halftime '{"score":{"home":1,"away":0}}' >/dev/null
played cup Celtic Rangers 1 1 120 'After Penalties' "${today}T10:00:00Z" ',"competition":"Cup","round":"Final","venue":"Hampden Park","shootout":{"home":2,"away":0},"aggregate":{"home":3,"away":3},"statistics":{"shots":{"home":9.5,"away":3}},"lineups":{"home":{"formation":"4-3-3","coach":"Rodgers","starting":[{"number":1,"name":"Hart","captain":true}],"bench":["Bain"]},"away":{"starting":[null]}}'
serve || exit
browser_start
browser zone UTC >/dev/null
browser before 'globalThis.ahead = 0; for (const clock of [Date, performance]) clock.now = ((real) => () => real() + ahead)(clock.now.bind(clock)); globalThis.shift = 0, document.addEventListener("DOMContentLoaded", () => { globalThis.firstTitle = document.title; }), new PerformanceObserver((list) => { for (const { value, startTime } of list.getEntries()) shift += startTime < 4000 ? value : 0; }).observe({ type: "layout-shift", buffered: true })' >/dev/null
browser size 390 800 >/dev/null

# The day.
visit "$url/"
eventually sees "$shown" 'cup m1 m2 late'; ok $? 'the board has the matches of today, by competition and kick-off' || diag "$(js "$shown")"
sleep 0.5
[ "$(js 'shift < 0.05')" = true ]; ok $? 'nothing moves on a phone when the scripts start' || diag "$(js shift)"
is "$(text '#near-days')" 'Yesterday Today Tomorrow' 'the days are along the top'
is "$(text '[data-match=cup] .notes')" 'pens. 2–0 Celtic 2, Rangers 0 on penalties agg. 3–3 Aggregate 3–3 HT 1–0 Half-time 1–0' 'a row has its shoot-out, in words too, its aggregate, and the score at half-time'
is "$(text '[data-match=m1] .away .cards')" '1 red card' 'a row has the red cards of its match'
event m1 red-card 51:00 away 'David Raya' >/dev/null
eventually sees 'document.querySelector("[data-match=m1] .away .cards").textContent' '22 red cards'; ok $? 'a red card that comes is counted' || diag "$(text '[data-match=m1] .away .cards')"
is "$(text '[data-match=cup] .lost')" Rangers 'the team that lost a shoot-out has lost'
js 'document.getElementById("day").value = "0202-11-28", document.getElementById("day").dispatchEvent(new Event("change"))' >/dev/null
is "$(js location.search)" '' 'a year that is being typed is no day to go to'
click '#day-before'
eventually sees "$shown" 'old old2'; ok $? 'the day before has its own matches'
is "$(js '[...document.querySelectorAll("#near-days a")].map(({ ariaLabel }) => ariaLabel).join()')" ',Today, Live,' 'a day with matches in play is marked while another is shown'
is "$(js 'location.search')" "?day=$(date -u -d "$today -1 day" +%F)" 'the day is in the address'
played old Arsenal Chelsea 2 0 90 'Full Time' "$(at "$today -1 day 12:00")" "$league"
eventually sees "$(of old '.home .score')" 2; ok $? 'a correction of a match of another day is shown'
played m2 Chelsea Everton 1 0 1:00 'First Half' "${today}T12:30:00Z" "$league"
js 'history.back()' >/dev/null
eventually sees "$shown" 'cup m1 m2 late'; ok $? 'Back leads to the day from before'
is "$(js "$(of m2 '.home .score')")" 1 'events that happened meanwhile are shown'
browser zone Asia/Tokyo >/dev/null
visit "$url/?day=$(date -u -d "$today +1 day" +%F)"
eventually sees "$shown" late; ok $? 'a match late in the evening is on the next day of a reader in the east'
browser zone America/Los_Angeles >/dev/null
visit "$url/?day=$today"
eventually sees "$shown" 'cup m1 m2 late'; ok $? 'a match late in the evening is on the same day of a reader in the west' || diag "$(js "$shown")"

# Summer time in Berlin began on 28 March and ended on 25 October 2026; the first day has 23 hours, the second has 25.
for night in spring,2026-03-27T22:59 spring0,2026-03-28T23:00 spring1,2026-03-29T00:30 spring2,2026-03-29T01:30 spring3,2026-03-29T21:59 \
    autumn,2026-10-24T21:59 autumn0,2026-10-24T22:00 autumn1,2026-10-24T23:30 autumn2,2026-10-25T00:30 autumn2b,2026-10-25T01:30 autumn3,2026-10-25T22:59; do
    played "${night%,*}" "Home ${night%,*}" Away 1 0 90 'Full Time' "${night#*,}:00Z" ',"competition":"Night"'
done
# on DAY ZONE MATCHES - what readers of that zone see
on() {
    browser zone "$2" >/dev/null
    visit "$url/?day=$1"
    eventually sees "$shown" "$3"
    ok $? "a reader in $2 has the matches of $1, a day of the change of time" || diag "$(js "$shown")"
}
on 2026-03-29 Europe/Berlin 'spring0 spring1 spring2 spring3'
is "$(js '[...document.querySelectorAll("#day-before, #day-after")].map((one) => one.search).join()')" '?day=2026-03-28,?day=2026-03-30' 'the days before and after one of 23 hours are its neighbours'
on 2026-03-29 Asia/Tokyo 'spring0 spring1 spring2'
on 2026-03-28 America/Los_Angeles 'spring0 spring1 spring2'
on 2026-10-25 Europe/Berlin 'autumn0 autumn1 autumn2 autumn2b autumn3'
is "$(js '[...document.querySelectorAll("#day-before, #day-after")].map((one) => one.search).join()')" '?day=2026-10-24,?day=2026-10-26' 'the days before and after one of 25 hours are its neighbours'
on 2026-10-24 Europe/Berlin autumn
on 2026-10-25 Asia/Tokyo 'autumn autumn0 autumn1 autumn2 autumn2b'
on 2026-10-24 America/Los_Angeles 'autumn autumn0 autumn1 autumn2 autumn2b'
browser zone UTC >/dev/null
row there message '{"home_team":"A","away_team":"B","status":"Scheduled","local_time":"2025-05-04 18:30"}' >/dev/null
visit "$url/?day=2025-05-04"
eventually sees "/^6:30.PM$/.test($(of there .clock))" true; ok $? 'a match of which only the local time is known has that, without its date' || diag "$(js "$(of there .clock)")"

# A name that another begins with, numbers in names, ids of different lengths.
in_division() { played "$1" "Home $1" Away 1 0 90 'Full Time' "2025-05-03T$2:00Z" ",\"competition\":\"$3\",\"group\":\"$4\",\"round\":\"$5\""; }
in_division 5 12:01 '2. Division' B 1
in_division 20221218 12:00 '2. Division' B 1
in_division tenth 12:00 '2. Division' A 10
in_division ninth 12:00 '2. Division' A 9
in_division first 12:00 Division '' Round
in_division third 12:00 'Division 3' '' Round
in_division none 12:00 '' '' ''
visit "$url/?day=2025-05-03"
eventually sees "$shown" 'ninth tenth 20221218 5 first third none'; ok $? 'headings are in the order of competition, group and round, and rows in that of kick-offs' || diag "$(js "$shown")"

# Without a kick-off.
sql "INSERT INTO match_events(match_id, data, created_at) VALUES ('over', '{\"home_team\":\"A\"}', strftime('%Y-%m-%dT23:00:00.000Z', '$today', '-1 day'))"
message over A B 1 0 80:00 'Second Half' >/dev/null
visit "$url/"
eventually sees "$shown" 'cup m1 m2 late'
message over A B 2 0 81:00 'Second Half' >/dev/null
played m1 Leeds Arsenal 0 1 51:00 'Second Half' "${today}T12:00:00Z" "$league"
eventually sees "$(of m1 .clock)" 52′
is "$(js "$shown")" 'cup m1 m2 late' 'a match without a kick-off stays on the day of its first row'

# A reader for whom it is another day than in UTC.
browser before 'document.addEventListener("DOMContentLoaded", () => { globalThis.firstDay = getComputedStyle(document.getElementById("static")).visibility; })' >/dev/null
browser zone "$([ "$(TZ=Pacific/Kiritimati date +%F)" = "$today" ] && echo Pacific/Pago_Pago || echo Pacific/Kiritimati)" >/dev/null
visit "$url/"
is "$(js firstDay)" hidden 'a reader in another day does not see the matches of that of UTC first'
browser zone UTC >/dev/null
visit "$url/"
is "$(js firstDay)" visible 'a reader in the day of UTC sees its matches at once'

# Headings, filters, favourites.
visit "$url/"
eventually sees "$shown" 'cup m1 m2 late'
click '.league .fold'
eventually sees "$shown" 'm1 m2 late'; ok $? 'a competition can be folded'
browser reload >/dev/null
eventually sees "$shown" 'm1 m2 late'; ok $? 'a competition stays folded the next time'
click '.league .fold'
click '#shows [value=live]'
eventually sees "$shown" 'm1 m2'; ok $? 'a filter shows the matches in play'
click '[data-match=m2] .star'
click '#shows [value=starred]'
eventually sees "$shown" m2; ok $? 'a filter shows the favourites'
eventually sees 'document.querySelector("[data-match=m2] .star").ariaLabel' 'Remove Chelsea – Everton from the favourites'; ok $? 'a star has a label'
browser reload >/dev/null
eventually sees "$shown" m2; ok $? 'favourites and filter stay the next time'
click '#shows [value=all]'
settings
pick liveFirst
eventually sees "$shown" 'm1 m2 cup late'; ok $? 'matches in play can be first'
pick liveFirst

# Spoilers.
pick hidden
eventually sees "$(of m1 '.away .score')" '?'; ok $? 'scores can be hidden'
is "$(text '[data-match=m1] .notes')" '' 'a hidden score hides the half-time score, too'
click '#settings [type=submit]'
open_row m1
eventually sees "$(of m1 '.away .score')" 1; ok $? 'a hidden score shows when the reader touches its row'
is "$(js "$(of m2 '.home .score')")" '?' 'the other scores stay hidden'
visit "$url/"
js 'globalThis.spoilt = document.documentElement.dataset.spoilers' >/dev/null
is "$(js spoilt)" hidden 'a reader who hides scores gets none from the HTML of the page'
visit "$url/?match=m1"
is "$(js firstTitle)" livescore 'a reader who hides scores gets none from the title of the page'
visit "$url/"
eventually sees "$(of m1 '.away .score')" '?'
settings
pick hidden
pick delay 100
eventually sees 'document.getElementById("connection-age").textContent.includes("100 seconds behind")' true; ok $? 'the page says how far it is behind'
eventually sees "$(of m1 '.away .score')" '?'
played m1 Leeds Arsenal 0 2 60:00 'Second Half' "${today}T12:00:00Z" "$league"
event m1 goal 61:00 away Saka ',"score":{"home":0,"away":3}' >/dev/null
sleep 1
is "$(js "$(of m1 '.away .score')")" '?' 'a delay holds scores back that are newer'
js 'ahead = 101000' >/dev/null
eventually sees "$(of m1 '.away .score')" 3; ok $? 'held-back scores are shown when the delay is over'
pick delay 0
js 'ahead = 0' >/dev/null

# Tables and scorers.
visit "$url/"
eventually sees "$shown" 'cup m1 m2 late'
js '[...document.querySelectorAll(".to-table")].at(-1).click()' >/dev/null
places='[...document.querySelectorAll("tbody tr")].map((line) => `${line.querySelector(".place").textContent}${line.querySelector(".arrow").dataset.way} ${line.querySelector(".team").textContent} ${line.querySelector(".points").textContent}`).join(", ")'
eventually sees 'document.querySelectorAll("tbody tr").length > 3' true
like "$(js "$places")" '^1 Arsenal 6, 2 Leeds 3, 3up Chelsea 3, 4down Fulham 0' 'a heading leads to the table as it stands now' || diag "$(js "$places")"
is "$(js '[...document.querySelectorAll("#view tr > *")].filter(({ offsetHeight }) => offsetHeight > 45).length')" 0 'a table on a phone does not break words'
played m2 Chelsea Everton 1 2 20:00 'First Half' "${today}T12:30:00Z" "$league"
eventually sees "$places.includes('Everton 3')" true; ok $? 'a goal changes the table that is looked at' || diag "$(js "$places")"
click '#view .to-scorers'
eventually sees '[...document.querySelectorAll("tbody tr")].map((line) => line.innerText.trim().replaceAll(/\s+/g, " ")).join(", ")' '1 Saka Arsenal 1, 1 Ødegaard Arsenal 1'
ok $? 'a table leads to the scorers, of whom those with as many goals share a place' || diag "$(text .one)"
js 'history.back()' >/dev/null
eventually sees "$places.includes('Everton 3')" true
js 'history.back()' >/dev/null
eventually sees 'document.documentElement.dataset.view' ''; ok $? 'Back leads from the table to the board'
visit "$url/?scorers=Premier%20League"
eventually sees 'document.querySelector("caption")?.textContent' 2026/27; ok $? 'scorers without a season in the address have it above them'

# A match's page.
visit "$url/?match=cup"
eventually sees 'document.querySelector("#view .match")?.hidden' false
[ "$(js 'shift < 0.1')" = true ]; ok $? 'nothing moves on the page of a match when the scripts start' || diag "$(js shift)"
eventually sees '[...document.querySelectorAll(".kicks li")].map((kick) => kick.textContent).join("; ")' 'Kick 1: A, scored; Kick 2: C, scored; Kick 1: B, missed'
ok $? 'a shoot-out is listed kick by kick, in words' || diag "$(text .shoot)"
like "$(text .one)" 'Cup Final · Hampden Park .*pens. 2–0.*agg. 3–3' 'the page of a match has its competition, round, venue, shoot-out and aggregate'
eventually sees 'document.querySelector(".bars .home")?.textContent' 9.5; ok $? 'the page of a match has its statistics'
is "$(text .lineup.home)" 'Celtic · 4-3-3 1 Hart (captain) Substitutes Bain Coach: Rodgers' 'the page of a match has its line-ups'
is "$(js 'document.querySelector(".where a").search')" '?table=Cup' 'the page of a match leads to the table of its competition'

# Widths, colours, print.
visit "$url/?lang=ar"
eventually sees "$shown" 'cup m1 m2 late'
eventually sees 'document.documentElement.dir' rtl
js '(async () => { await document.fonts.ready; for (let n = 0; n < 3; n += 1) await new Promise(requestAnimationFrame); })()' >/dev/null
[ "$(js 'shift < 0.05')" = true ]; ok $? 'nothing moves when the page switches to Arabic' || diag "$(js shift)"
open_row m1
scrolls=''
for width in 320 390 768 1280; do
    browser size $width 800 >/dev/null
    for language in rtl ltr; do scrolls+=$(js "document.documentElement.dir = '$language', document.documentElement.scrollWidth - $width"); done
done
is "$scrolls" 00000000 'nothing is wider than the screen, from 320 to 1280 px, in either direction'
visit "$url/?lang=auto"
eventually sees "$shown" 'cup m1 m2 late'
is "$(js 'new Set([...document.querySelectorAll(".match")].map((row) => row.getBoundingClientRect().x)).size > 1')" true 'a wide screen has columns'
browser forced active >/dev/null
is "$(js 'getComputedStyle(document.querySelector("#shows [aria-pressed=true]")).outlineStyle')" solid 'forced colours show which filter is on'
browser forced none >/dev/null
browser media print >/dev/null
is "$(js '[".tools", "#days", ".match .star"].map((one) => getComputedStyle(document.querySelector(one)).display).join()')" none,none,none 'print has no buttons'
browser media screen >/dev/null

# Midnight.
played m1 Leeds Arsenal 0 3 90 'Full Time' "${today}T12:00:00Z" "$league"
eventually sees "$(state_of m1)" finished
tomorrow() { sql "INSERT INTO match_events(match_id, data, created_at) SELECT match_id, json_set(message, '\$.time', '30:00'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 day') FROM matches WHERE match_id = 'm2'"; }
tomorrow
eventually sees "$(of m2 .clock)" 31′
js 'ahead = 86400000' >/dev/null
sleep 2
is "$(js "$shown")" 'cup m1 m2 late' 'a day is shown past midnight while one of its matches is in play'
js 'ahead += 4 * 3600000' >/dev/null
eventually sees 'document.getElementById("none-that-day").hidden' false; ok $? 'a match that nobody has updated for hours does not keep its day'
js 'ahead = 86400000' >/dev/null
visit "$url/"
eventually sees "$shown" 'cup m1 m2 late'
js 'ahead = 86400000' >/dev/null
played m2 Chelsea Everton 1 2 90 'Full Time' "${today}T12:30:00Z" "$league"
eventually sees 'document.getElementById("none-that-day").hidden' false; ok $? 'today is the next day then'
like "$(js 'document.querySelector("#none-that-day a:not([hidden])").search')" "day=$today" 'a day without matches leads to one that has some'
is "$(browser complaints)" '' 'the console shows no error or warning'

# A reader whose clock is wrong.
browser before 'delete globalThis.SharedWorker, Date.now = ((real) => () => real() + 86400000)(Date.now.bind(Date))' >/dev/null
visit "$url/"
eventually sees "$shown" 'cup m1 m2 late'; ok $? 'today is the day of the server, whatever the clock of the reader says' || diag "$(js "$shown")"

# Without the service.
serve_port=$port
stop_service
click '#day-before'
eventually sees "$shown" 'old old2'; ok $? 'a day has the matches that the page knows of, without the service'
click '#day-before'
eventually sees "$shown" ''
is "$(text '#none-that-day span')" 'Waiting for the server' 'without an answer a day has no matches of another day, and does not say that it has none'
played older Arsenal Leeds 1 0 90 'Full Time' "$(at "$today -2 day 12:00")" "$league"
serve
eventually sees "$shown" older; ok $? 'the matches of a day come when the service is there again'
done_testing
