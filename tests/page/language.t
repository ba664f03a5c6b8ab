#!/bin/bash
# The page in the language of its reader: the browser's, or the one that the address asks for.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

make_db
message m1 Ajax 'الأهلي' 1 0 23:15 'First Half' >/dev/null
event m1 red-card 20:00 away 'Edson Álvarez' >/dev/null
serve || exit
browser_start
texts="[document.documentElement.lang, document.documentElement.dir, $(of m1 .status), document.querySelector('#shows [value=live]').innerText.trim(), document.getElementById('filter').placeholder, document.getElementById('open-settings').title].join('|')"
visit "$url/?lang=de"
eventually sees "$texts" 'de|ltr|1. Halbzeit|Live 1|Team oder Wettbewerb|Einstellungen'
ok $? 'an address can ask for a language' || diag "$(js "$texts")"
open_row m1
eventually sees "$(of m1 '.event .what')" 'Rote Karte'
ok $? 'an event has its words in the language' || diag "$(js "$(of m1 '.event .what')")"
visit "$url/?match=m1"
eventually sees 'document.querySelector(".back")?.textContent' 'Alle Spiele'
ok $? 'a language that was asked for is remembered'
visit "$url/?lang=ar"
eventually sees 'document.documentElement.dir' rtl
eventually sees "$(of m1 .status)" 'الشوط الأول'
ok $? 'Arabic is from right to left'
browser size 320 640 >/dev/null
is "$(js 'document.documentElement.scrollWidth')" 320 'Arabic has nothing to scroll sideways on a phone of 320 px'
is "$(js '(([team, score]) => team.getBoundingClientRect().right > score.getBoundingClientRect().right)(document.querySelectorAll("[data-match=m1] .home :is(.team, .score)"))')" true \
    'Arabic has the team to the right of its score'
visit "$url/?lang=auto"
eventually sees "$texts" 'en|ltr|First half|Live 1|Team or competition|Settings'
ok $? 'a reader can go back to the language of the browser' || diag "$(js "$texts")"
loaded='performance.getEntriesByType("resource").map(({ name }) => name.replace(/.*\/assets\/[^/]*\//, "")).filter((name) => /[.]js$/.test(name))'
is "$(js "$loaded.filter((name) => name.startsWith('lang/')).join()")" lang/en.js 'only the language that is wanted is loaded'

# The first visit: what the page needs is named in the page itself, so that nothing is found out
# by loading something else; the page is painted as soon as its style is there.
is "$(js "fetch('./').then((page) => page.text()).then((page) => $loaded.filter((name) => !/^(worker|match|tables|settings|debug)[.]js$/.test(name) && !page.includes(name)).join())")" '' 'each script that a first visit loads is named in the page'
is "$(js 'performance.getEntriesByType("resource").filter(({ renderBlockingStatus: is }) => is === "blocking").map(({ name }) => name.split("/").at(-1)).sort().join()')" 'board.css,early.js' 'nothing but the style and one script blocks the first paint'
browser size 390 800 >/dev/null
is "$(js "(async () => { const { href } = document.querySelector('link[href*=\"lang/en.js\"]'), cut = []; for (const code of ['en', 'de', 'fr', 'es', 'pt', 'ar', 'ja']) { document.documentElement.lang = code; for (const [key, text] of Object.entries((await import(href.replace('en.js', code + '.js'))).default.statuses)) { const [clock, status] = document.querySelectorAll('[data-match=m1] :is(.clock, .status)'); clock.textContent = ''; status.closest('.match').dataset.state = /half|kickoff|time$|shoot|susp|break|live/.test(key) && key !== 'fulltime' ? 'live' : 'finished'; status.textContent = text; status.style.overflowWrap = 'normal'; if (status.scrollHeight > status.clientHeight + 1 || status.scrollWidth > status.clientWidth || status.clientHeight === 0) cut.push(text); } } return cut.join(); })()")" '' 'no status is cut or broken within a word in a row on a phone, in any language'
visit "$url/?lang=ja&match=m1"
eventually sees 'document.documentElement.lang' ja
is "$(js '[...document.querySelectorAll("link[rel=modulepreload]")].map(({ href }) => href.split("/").at(-1)).filter((name) => name === "ja.js" || name === "match.js").join()')" 'ja.js,match.js' 'a language and a view that the page does not name are asked for before its scripts run'

# Matches in which no name has a Latin letter: each that Japanese readers see is the page's own.
day=$(date -u +%F)
for n in 1 2; do
    row "$n" message '{"home_team":"浦和","away_team":"鹿島","score":{"home":2,"away":1},"time":"50:00","status":"Second Half","starts_at":"'"${day}T12:00:00Z"'","competition":"杯","round":"決勝","half_time":{"home":1,"away":0},"aggregate":{"home":3,"away":3},"shootout":{"home":1,"away":0},"statistics":{"possession":{"home":60,"away":40}},"lineups":{"home":{"coach":"監督","starting":[{"number":1,"name":"西川","captain":true}],"bench":["関根"]}}}' >/dev/null
    for type in goal own-goal penalty missed-penalty yellow-card second-yellow red-card substitution var shootout-goal shootout-miss kickoff halftime secondhalf extra-time shootout fulltime delayed postponed suspended abandoned cancelled awarded; do
        event "$n" "$type" 20:00 home 興梠 ',"replaces":"伊藤"' >/dev/null
    done
done
# The texts and labels of the page, seen or spoken, in which two Latin letters meet.
latin='(() => { const found = new Set(), nodes = document.createTreeWalker(document.body); for (let node; (node = nodes.nextNode());) for (const text of node.nodeType === 3 ? [node.parentElement.closest("script, noscript, option, pre, #brand, [hidden], dialog:not([open])") ? "" : node.data] : node.nodeType === 1 ? ["aria-label", "title", "placeholder"].map((name) => node.getAttribute(name) ?? "") : []) if (/\p{sc=Latin}{2}/u.test(text.replaceAll(/livescore|Ajax|UTC|Asia.Tokyo|PK|vs|id|latest|200 text.event-stream/g, ""))) found.add(text.trim()); return [...found].join("; "); })()'
for view in '' '&day=2020-01-01' '&q=x' '&show=starred' '&match=1' '&match=0' '&table=杯' '&scorers=杯' '&table=x' '&debug'; do
    visit "$url/?lang=ja$view"
    eventually sees '!document.getElementById("static") && /前/.test(document.getElementById("connection-age").textContent)' true
    [ "$view" ] || open_row 1
    [ "$view" != '' ] || js 'document.getElementById("open-settings").click()' >/dev/null
    sleep 1
    is "$(js "$latin")" '' "Japanese readers find no English at ${view:-the board, in an open row and in the settings}"
done
visit "$url/?lang=ar&table=杯"
eventually sees 'document.querySelector("tbody .difference")?.textContent' +2
is "$(js '(({ firstChild: text }) => [0, 1].map((from) => { const range = document.createRange(); range.setStart(text, from); range.setEnd(text, from + 1); return range.getBoundingClientRect().x; }))(document.querySelector("tbody .difference")).join(" < ").replace(/(.*) < (.*)/, (_, sign, digit) => Number(sign) < Number(digit))')" true 'the sign of a number stands left of it in Arabic, too'
visit "$url/?lang=auto"
is "$(browser complaints)" '' 'the console shows no error or warning'
no_crash
done_testing
