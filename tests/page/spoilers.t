#!/bin/bash
# Readers who watch on television: scores are hidden until touched, or held back by a delay, in
# every view and in all that is told.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

text() { js "document.querySelector('$1')?.innerText.replaceAll(/\\s+/g, ' ').trim() ?? ''"; }
click() { js "document.querySelector('$1').click()" >/dev/null; }
remember() { js "localStorage.setItem('livescore.$1', '$2')" >/dev/null; }
# played MATCH HOME AWAY GOALS GOALS TIME STATUS - in a league, today
played() {
    row "$1" message "{\"home_team\":\"$2\",\"away_team\":\"$3\",\"score\":{\"home\":$4,\"away\":$5},\"time\":\"$6\",\"status\":\"$7\",\"starts_at\":\"$(date -u +%F)T01:00:00Z\",\"competition\":\"League\",\"season\":\"2026\"}" >/dev/null
}
offered='document.querySelector("#view .reveal")?.offsetHeight > 0'
teams='[...document.querySelectorAll("tbody .team")].filter((one) => one.offsetHeight > 0).map((one) => one.textContent).join(" ")'

make_db
event m1 goal 60:00 away Saka >/dev/null
played m1 Leeds Arsenal 0 1 60:00 'Second Half'
played m2 Luton Fulham 2 2 120:00 'After Penalties'
serve || exit
browser_start
browser zone UTC >/dev/null
browser before 'globalThis.ahead = 0; for (const clock of [Date, performance]) clock.now = ((real) => () => real() + ahead)(clock.now.bind(clock))' >/dev/null
visit "$url/"
eventually sees "$(of m1 '.away .score')" 1

# Hidden.
remember hidden true
js 'dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))' >/dev/null
eventually sees "$(of m1 '.away .score')" '?'; ok $? 'a page that was in the back/forward cache hides scores if another was told to meanwhile'
is "$(text '[data-match=m2] .status')" 'Full time' 'a hidden score hides that there were penalties'
visit "$url/?table=League"
eventually sees "$offered" true
is "$(js "$teams")" '' 'a table is hidden where scores are'
click '#view .reveal'
eventually sees "$teams" 'Arsenal Fulham Luton Leeds'; ok $? 'a hidden table is shown when the reader asks for it' || diag "$(js "$teams")"
is "$(js 'document.activeElement.id')" view 'the focus is on the table when the button has gone'
visit "$url/?match=m2"
eventually sees "$offered" true
unlike "$(text '#view .one')" '[0-9]′|enalties' 'a hidden score hides how long the match took'
click '#view .reveal'
eventually sees 'document.querySelector("#view .status").textContent' 'After penalties'; ok $? 'how a match ended is shown with its score'
remember hidden false

# A delay.  The rows from before are older than it.
remember delay 100
js 'ahead = 200000' >/dev/null
browser before 'ahead = 200000' >/dev/null
visit "$url/"
open_row m1
eventually sees "$(players m1)" Saka; ok $? 'events that are older than the delay are shown at once' || diag "$(text '#leagues')"
played m1 Leeds Arsenal 1 1 61:00 'Second Half'
browser before 'ahead = 0' >/dev/null
visit "$url/?match=m1"
eventually sees "$(of m1 '.result .home')" '?'
is "$? $(js 'document.querySelector("#view .reveal").hidden')" '0 true' 'the page of a match that is ahead of the delay has no button which would show nothing'
js 'ahead = 200000' >/dev/null
eventually sees "$(of m1 '.result .home')" 1; ok $? 'its score is shown when the delay is over'
visit "$url/?table=League"
eventually sees 'document.querySelector("#view .none")?.textContent' '100 seconds behind'
sleep 1
is "$(js "$teams")" '' 'a delay holds tables back'
js 'ahead += 101000' >/dev/null
eventually sees "$teams" 'Fulham Luton Arsenal Leeds'; ok $? 'a table is shown when the delay is over' || diag "$(js "$teams")"
is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
