#!/bin/bash
# axe-core finds no accessibility problems in the views of the board, light, dark and in forced colours, at
# four widths, from left to right and from right to left, nor in a refusal.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3 npm
. tests/lib/browser.sh
VERSION=4.10.3

# It is kept in .build between runs.
axe=.build/npm/axe-$VERSION/node_modules/axe-core/axe.min.js
[ -f "$axe" ] || npm install --silent --no-save --no-package-lock --no-audit --no-fund \
    --prefix ".build/npm/axe-$VERSION" "axe-core@$VERSION" >"$scratch/npm.log" 2>&1 ||
    missing_here "npm can't get axe-core: $(tail -n 1 "$scratch/npm.log")"

# Its findings, if it saw a page.
found='axe.run().then(({ violations, passes }) => passes.length < 10 ? "it saw no page" : violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(" ")}`).join("; "))'

# no_violations VIEW - in the open page
no_violations() {
    browser run "$axe" >/dev/null
    is "$(js "$found")" '' "$1"
}

feeder -q -d "$db" init
serve || exit
sed -n '2,105s/,$//p' tests/data/matches.json | feeder -q -d "$db" load -
goal=$(sql "SELECT max(id) FROM match_events WHERE match_id = '2022121801' AND type = 'goal'")
feeder -q -d "$db" void "$goal"
row arabic message '{"home_team":"الأهلي","away_team":"الزمالك","competition":"الدوري","score":{"home":1,"away":0},"time":"90+3","status":"Full Time"}' >/dev/null
row over message '{"home_team":"Ajax","away_team":"PSV","competition":"Eredivisie","score":{"home":1,"away":0},"time":"90","status":"Full Time"}' >/dev/null
row rich message '{"home_team":"Ajax","away_team":"Feyenoord","competition":"Eredivisie","score":{"home":1,"away":1},"time":"120","status":"Penalty Shootout","shootout":{"home":1,"away":0},"statistics":{"shots":{"home":9,"away":3}},"lineups":{"home":{"coach":"Coach","starting":[{"number":1,"name":"Keeper","captain":true}],"bench":["Bench"]}}}' >/dev/null
event over goal 10:00 home Klaassen >/dev/null
event rich shootout-goal '' home A >/dev/null
event rich shootout-miss '' away B >/dev/null
browser_start
# views COLOURS WIDTH LANGUAGE - each view
views() {
    how="$1, $2 px wide, $3"
    browser colours "$1" >/dev/null
    browser size "$2" 900 >/dev/null
    visit "$url/?lang=$3"
    eventually sees 'document.getElementById("connection").dataset.state' live
    open_row 2022121801
    eventually sees 'document.querySelectorAll(".voided").length' 1
    event 2022121801 goal 89:00 home Messi >/dev/null
    eventually sees 'document.getElementById("announcer").childElementCount > 0' true
    # A fading highlight has no contrast of its own.
    js 'for (const one of document.querySelectorAll(".moved")) one.classList.remove("moved")' >/dev/null
    no_violations "the board, $how"
    js 'document.getElementById("open-settings").click()' >/dev/null
    eventually sees 'document.getElementById("settings").open' true
    no_violations "the settings, $how"
    js 'document.getElementById("settings").close()' >/dev/null
    js 'document.getElementById("filter").value = "nothing", document.getElementById("filter").dispatchEvent(new Event("input")), 0' >/dev/null
    eventually sees 'document.getElementById("no-fit").hidden' false
    no_violations "a filter that nothing fits, $how"
    visit "$url/?match=2022121801"
    eventually sees 'document.querySelectorAll("#view .moment").length > 10' true
    no_violations "a match, $how"
    visit "$url/?table=Eredivisie"
    eventually sees 'document.querySelectorAll("tbody tr").length > 1' true
    no_violations "a table, $how"
    js 'document.querySelector(".to-scorers").click()' >/dev/null
    eventually sees 'document.querySelector("#view .player")?.textContent' Klaassen
    no_violations "scorers, $how"
    visit "$url/?match=rich"
    eventually sees 'document.querySelectorAll("#view .kicks li, #view .bars li, #view .lineup li").length' 5
    no_violations "a match with a shoot-out, line-ups and statistics, $how"
    visit "$url/?match=none"
    eventually sees 'document.querySelector("#view .missing")?.hidden' false
    no_violations "a match that does not exist, $how"
    visit "$url/?debug"
    eventually sees 'document.querySelectorAll(".frame").length > 5' true
    no_violations "the raw frames, $how"
}
views light 1280 en
views dark 320 en
views light 390 ar
browser forced active >/dev/null
views dark 768 ja
browser forced none >/dev/null
browser colours light >/dev/null
visit "$url/nothing"
no_violations 'a page that does not exist'
done_testing
