#!/bin/bash
# The views: the board with its filter, one match with its time line, and the raw frames; and
# the page without a mouse.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

timeline='[...document.querySelectorAll(".timeline .moment")].map((line) => line.innerText.replaceAll(/\s+/g, " ").trim()).join(" | ")'
shown='[...document.querySelectorAll(".match:not([hidden]) .home .team")].map((team) => team.textContent).join(" ")'
checked() { printf 'document.getElementById("%s").checked' "$1"; }
focused='(({ activeElement: one }) => one.id || one.className || one.textContent.trim().replaceAll(/\s+/g, " "))(document)'
type_in() { js "(() => { const one = document.getElementById('$1'); one.value = '$2'; one.dispatchEvent(new Event('input', { bubbles: true })); })()" >/dev/null; }

make_db
feeder -q -d "$db" add m1 kickoff '{"home_team":"Ajax","away_team":"PSV","competition":"Eredivisie"}'
goal=$(feeder -d "$db" add m1 goal '{"team":"home","player":"Berghuis","time":"12:00"}')
feeder -q -d "$db" add m1 yellow-card '{"team":"away","player":"Veerman","time":"20:00"}'
row cup message '{"home_team":"Bayern München","away_team":"Celtic","competition":"Cup","starts_at":"'"$(date -u -d 'TZ="Asia/Tokyo" 03:30' +%FT%TZ)"'","status":"Scheduled"}' >/dev/null
row rtl message '{"home_team":"الأهلي (القاهرة)","away_team":"מכבי חיפה","score":{"home":2,"away":0},"time":"33:00","status":"First Half"}' >/dev/null
long=$(printf 'Donaudampfschifffahrtsgesellschaft %.0s' {1..9})
row long message "{\"home_team\":\"$long\",\"away_team\":\"${long// /}\",\"status\":\"Extra Time, Second Half of It\",\"time\":\"120+14\"}" >/dev/null
serve || exit
browser_start
browser zone Asia/Tokyo >/dev/null
browser before 'globalThis.shift = 0, new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shift += value; }).observe({ type: "layout-shift", buffered: true })' >/dev/null

# The board.
visit "$url/"
eventually sees "$(state_of m1)" live
for width in 320 390 768 1200; do
    browser size $width 800 >/dev/null
    visit "$url/"
    eventually sees "$(state_of m1)" live
    sleep 0.5
    [ "$(js 'shift < 0.02')" = true ]; ok $? "nothing moves after the first paint, $width px wide" || diag "$(js shift)"
done
open_row m1
eventually sees "$(players m1)" 'Veerman Berghuis'
ok $? 'a page that is opened late has the events from before'
eventually sees '[...document.querySelectorAll(".league .competition")].map((one) => one.textContent).join(", ")' 'Cup, Eredivisie, Other matches'
ok $? 'matches are under the headings of their competitions'
like "$(js "$(of cup .clock)")" '^3:30' 'a kick-off is in the zone of the reader'
like "$(js 'document.getElementById("zone").textContent')" Tokyo 'the page names the time zone of the reader'
is "$(js 'getComputedStyle(document.querySelector("[data-match=rtl] .team")).unicodeBidi')" isolate 'a name from right to left keeps its own direction'
is "$(js '(({ scrollWidth: all, clientWidth: shown }) => all > shown)(document.querySelector("[data-match=long] .home .team"))') $(js '[...document.querySelectorAll(".row")].every(({ offsetHeight }) => offsetHeight === 50)')" \
    'true true' 'a long name or status is cut, and its row as high as others'
is "$(js 'document.title')" livescore 'the title is that of the page'
type_in filter munch
is "$(js "$shown")" 'Bayern München' 'a filter shows the matches of a team, written without accents'
is "$(js 'location.search')" '?q=munch' 'the filter is in the address'
is "$(js 'document.querySelectorAll(".league:not([hidden])").length')" 1 'a heading under which no match fits the filter is hidden'
type_in filter eredivisie
is "$(js "$shown")" Ajax 'a filter shows the matches of a competition'
eventually sees 'document.title' 'Ajax 1–0 PSV · livescore'; ok $? 'the title has the score of a match that alone fits the filter'
type_in filter xyz
is "$(js 'document.getElementById("no-fit").hidden') $(js "$shown")" 'false ' 'the page says that no match fits the filter'
js 'document.getElementById("clear").click()' >/dev/null
is "$(js 'location.search')/$(js "$shown.split(' ').length > 2")/$(js 'document.activeElement.id')" '/true/filter' 'the filter can be cleared, which shows all matches'
visit "$url/?q=CELTIC"
eventually sees "$shown" 'Bayern München'; ok $? 'an address with a filter shows what fits'
is "$(js 'document.getElementById("filter").value')" CELTIC 'the filter of an address is in its field'
message a1 Feyenoord Twente 1 0 5:00 'First Half' >/dev/null
eventually sees 'document.querySelector("[data-match=a1]")?.hidden' true; ok $? 'a match that comes later is filtered'
event a1 goal 6:00 home Giménez ',"score":{"home":2,"away":0}' >/dev/null
eventually sees "$(of a1 '.home .score')" 2
is "$(js 'document.getElementById("announcer").textContent')" '' 'a goal in a match that is filtered out is not announced'

# The keyboard, and the way back.
message a1 Feyenoord Twente 2 0 6:00 'First Half' >/dev/null
visit_live "$url/"
eventually sees "$(of a1 '.home .score')" 2
order=''
for _ in 1 2 3; do browser key Tab >/dev/null; order+="$(js "$focused") / "; done
is "$order" 'brand / filter / open-settings / ' 'Tab leads from the filter to the settings'
browser size 390 300 >/dev/null
js 'document.querySelector("[data-match=a1] .row").focus()' >/dev/null
browser key Enter >/dev/null
eventually sees 'document.querySelector("[data-match=a1] .row").getAttribute("aria-expanded")' true; ok $? 'Enter opens the row that has the focus'
browser key Tab >/dev/null
browser key Tab >/dev/null
before=$(js "$focused + ' ' + scrollY")
browser key Enter >/dev/null
eventually sees 'location.search' '?match=a1'; ok $? 'an open row leads to the page of its match'
eventually sees "$(of a1 '.result .home')" 2
is "$(js "$focused + ' ' + scrollY")" 'view 0' 'the page of a match begins at its top'
js 'history.back()' >/dev/null
eventually sees "$focused + ' ' + scrollY" "$before"; ok $? 'Back finds the focus and the place where they were' || diag "$before, now $(js "$focused + ' ' + scrollY")"
like "$before" '^page [1-9]' 'the link to the page of a match has had the focus, further down'
browser size 1200 800 >/dev/null

# A goal.
js 'globalThis.lit = [], document.addEventListener("animationstart", ({ target }) => lit.push(target.className)), 0' >/dev/null
for goals in 3 4; do
    event a1 goal "$goals:00" home Giménez ",\"score\":{\"home\":$goals,\"away\":0}" >/dev/null
    eventually sees "$(of a1 '.home .score')" $goals
    eventually sees "lit.filter((name) => name.includes('row')).length" $((goals - 2))
    js 'document.querySelectorAll(".moved").forEach((one) => one.getAnimations().forEach((animation) => animation.finish()))' >/dev/null
    eventually sees 'document.querySelectorAll(".moved").length' 0
done
is "$(js 'lit.sort().join()')" 'row moved,row moved,score moved,score moved' 'each goal lights up its score and its row'

# Sound and notifications.
settings() {
    js 'document.getElementById("open-settings").click()' >/dev/null
    eventually sees 'document.getElementById("settings").open' true
}
settings
js 'document.getElementById("sound").click()' >/dev/null
eventually sees "$(checked sound)" true; ok $? 'the sound can be turned on'
visit "$url/"
eventually sees "$(state_of m1)" live
settings
is "$(js "$(checked sound)") $(js "$(checked notify)")" 'true false' 'the sound stays on the next time the page is opened, notifications do not'
js 'document.getElementById("sound").click()' >/dev/null
eventually sees "$(checked sound)" false; ok $? 'the sound can be turned off'
browser motion reduce >/dev/null
js 'document.querySelector("[data-match=m1] .score").classList.add("moved")' >/dev/null
is "$(js 'getComputedStyle(document.querySelector("[data-match=m1] .score")).animationTimingFunction')" 'steps(1)' 'a reader who wants less motion gets a highlight that does not fade'

# One match.
visit "$url/?match=m1"
eventually sees "$timeline" '20′ Yellow card Veerman PSV | 12′ 1–0 Goal Berghuis Ajax | Kick-off'
ok $? 'a match has its whole time line' || diag "$(js "$timeline")"
is "$(js '[...document.querySelectorAll(".duel .home .team, .duel .score, .duel .away .team")].map((one) => one.textContent).join(" ")')" 'Ajax 1 0 PSV' 'the view of a match has its teams and its score'
eventually sees 'document.title' 'Ajax 1–0 PSV · livescore'; ok $? 'the title has the score of the match'
feeder -q -d "$db" void "$goal"
eventually sees 'document.querySelector(".voided .text")?.textContent.replaceAll(/[ \n]+/g, " ").trim()' 'Goal Berghuis taken back Ajax'
ok $? 'an event that is taken back is struck out' || diag "$(js 'document.querySelector(".voided")?.innerText')"
is "$(js 'document.querySelector(".result .home").textContent')" 0 'a goal that is taken back is gone from the score'
is "$(js 'document.getElementById("announcer").textContent')" 'Taken back: Goal for Ajax, Berghuis. Ajax 0, PSV 0.' 'a screen reader announces a goal that is taken back'
event a1 goal 8:00 home Timber ',"score":{"home":3,"away":0}' >/dev/null
event m1 red-card 40:00 away Boscagli >/dev/null
eventually sees 'document.querySelector(".timeline .who").textContent' Boscagli; ok $? 'the newest event is on top of the time line'
unlike "$(js 'document.getElementById("announcer").textContent')" Timber 'the page of a match announces nothing of another'
js 'document.querySelector(".back").click()' >/dev/null
eventually sees "$(of m1 '.home .score')" 0; ok $? 'the view of a match leads back to all matches'
visit "$url/?match=nothing"
eventually sees 'document.querySelector(".missing").hidden' false; ok $? 'the page says that a match is unknown'

message inter Internazionale 'Wolverhampton Wanderers' 0 0 '' Scheduled >/dev/null
browser size 390 800 >/dev/null
visit "$url/?match=inter"
eventually sees "$(of inter '.duel .home .team')" Internazionale
is "$(js '[...document.querySelectorAll(".duel .team")].filter((team) => (team.style.overflowWrap = "normal", team.scrollWidth > team.clientWidth)).length')" 0 'the name of a team is not broken within a word on a phone'
browser forced active >/dev/null
visit "$url/?show=live"
eventually sees "$(state_of m1)" live
is "$(js 'getComputedStyle(document.querySelector(".fold"), "::before").borderInlineStartColor')" 'rgba(0, 0, 0, 0)' 'forced colours leave an arrow its form'
is "$(js 'getComputedStyle(document.querySelector(".match")).borderTopStyle')" solid 'forced colours have lines between rows'
browser forced none >/dev/null
browser size 1200 800 >/dev/null

# The raw frames.
visit "$url/?debug&after=$goal"
frames='[...document.querySelectorAll(".frame pre")].map((one) => one.textContent)'
eventually sees "$frames.at(-2).split(String.fromCharCode(10))[0]" "id: $((goal + 1))"; ok $? 'the raw frames begin after the cursor that was asked for'
like "$(js "$frames.at(-1)")" '^retry: [0-9]+ : livescore after=[0-9]+$' 'the raw frames include those that are no events'
js 'document.getElementById("pause").click()' >/dev/null
row m1 var '{"detail":"<b>x</b>"}' >/dev/null
eventually sees 'document.querySelector(".counts").textContent.includes(", 1 held back")' true; ok $? 'frames are held back while the view is paused'
is "$(js "$frames.filter((frame) => frame.includes('<b>')).length")" 0 'a frame that is held back is not shown'
js 'document.getElementById("pause").click()' >/dev/null
like "$(js "${frames}[0]")" 'event: var data: \{"detail":"<b>x</b>"\}$' 'frames that were held back are shown as they came'
js 'document.getElementById("after").value = "latest", document.querySelector(".debug form").requestSubmit(), 0' >/dev/null
eventually sees "$frames.length > 0 && $frames.length < 3" true; ok $? 'another cursor restarts the raw frames'
is "$(js 'location.search')" '?debug=&after=latest' 'the cursor is in the address'
is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
