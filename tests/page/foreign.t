#!/bin/bash
# A plain page of another origin, with an EventSource and its onmessage, needs only the
# stream.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

# Serves the folder on a free port; sets $origin.
serve_folder() {
    start env PYTHONUNBUFFERED=1 python3 -m http.server --bind 127.0.0.1 --directory "$1" 0 \
        >"$scratch/origin.log" 2>/dev/null
    eventually grep -q 'Serving HTTP' "$scratch/origin.log" || return
    origin=$(sed -n 's/.*(\(http:[^)]*\)\/).*/\1/p' "$scratch/origin.log")
}

sqlite3 "$db" <sql/schema.sql >/dev/null
serve || exit
update='{"match_id":"2025061001","home_team":"Manchester United","away_team":"Liverpool","score":{"home":1,"away":0},"time":"23:15","status":"First Half","events":[{"time":"23:15","type":"goal","team":"home","player":"Marcus Rashford"}]}'
row 2025061001 message "$update" >/dev/null
mkdir "$scratch/www"
sed "s|@STREAM@|$url/livescore|" tests/page/article.html >"$scratch/www/index.html"
: >"$scratch/www/favicon.ico"
serve_folder "$scratch/www" || exit
unlike "$origin" "^$url\$" 'the page has another origin than the stream'

browser_start
visit "$origin/"
matches='document.getElementById("matches").innerText'
eventually sees "$matches" 'Manchester United 1:0 Liverpool, 23:15, First Half  23:15 goal home Marcus Rashford'
ok $? 'a page of another origin shows the match: score, time, status, events' || diag "$(js "$matches")"

row 2025061001 goal '{"match_id":"2025061001","player":"Mohamed Salah"}' >/dev/null
update=${update/'"away":0'/'"away":1'}
row 2025061001 message "${update/First Half/Half Time}" >/dev/null
eventually sees "$matches" 'Manchester United 1:1 Liverpool, 23:15, Half Time  23:15 goal home Marcus Rashford'
ok $? 'the page shows the next state of a match when it comes' || diag "$(js "$matches")"

is "$(browser complaints)" '' 'the console of the page stays empty'
done_testing
