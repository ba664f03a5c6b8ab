#!/bin/bash
# A network that holds streams back delivers the head of the answer, but no frames: the page
# asks for JSON.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

state='document.getElementById("connection-state").textContent'

make_db
message m1 Ajax PSV 0 0 10:00 'First Half' >/dev/null
serve || exit
serve_port=$port
start python3 tests/page/hold.py "$port" >"$scratch/hold.port"
eventually test -s "$scratch/hold.port" || exit
browser_start
visit "http://127.0.0.1:$(<"$scratch/hold.port")/"
js 'for (const [name, parts] of [["livescore-match", {}], ["script", { src: "embed.js" }]]) document.body.append(Object.assign(document.createElement(name), parts)), document.querySelector("livescore-match").setAttribute("match", "m1")' >/dev/null
eventually sees "$(of m1 '.home .score')" 0
ok $? 'a page whose stream is held back shows the scores'
eventually sees "$state" 'Live, by polling'
ok $? 'the page says that it is live by polling' || diag "$(js "$state")"
open_row m1
event m1 goal 12:00 home 'Steven Berghuis' ',"score":{"home":1,"away":0}' >/dev/null
eventually sees "$(of m1 '.home .score')" 1
ok $? 'a page that polls shows new events'
eventually sees 'document.querySelector("livescore-match").shadowRoot.querySelector(".score").textContent' 1
ok $? 'an embed whose stream is held back shows new events'
js 'document.querySelector("livescore-match").remove()' >/dev/null
for n in 1 2 3 4 5; do event m1 goal "2$n:00" home "p$n" >/dev/null; done
eventually sees "$(players m1)" 'p5 p4 p3 p2 p1 Steven Berghuis'
ok $? 'a page that polls has each row once, in order' || diag "$(js "$(players m1)")"
polls() { grep -c 'path=/livescore ' "$scratch/service.log"; }
# quiet - the line of the last answer may come late
quiet() { before=$(polls); sleep 1; [ "$(polls)" -eq "$before" ]; }
eventually quiet; ok $? 'a request waits for a row, so there are few requests'

stop_service
eventually sees "$state" 'Waiting for the server'
ok $? 'the page waits for a missing server'
watch_requests
full --max-connections 1 --retry 5s || exit
eventually sees 'document.getElementById("problem").textContent' 'The server says: too many connections: try again later'
ok $? 'the page waits for a server that refuses, and says why'
is "$(js "$state") $(worker 'asked.findLast(({ status }) => status).status')" 'Waiting for the server 503' 'the page learns by asking that it was refused'
event m1 goal 30:00 home p6 >/dev/null
free_place
eventually sees "$(players m1)" 'p6 p5 p4 p3 p2 p1 Steven Berghuis'
ok $? 'a page that was refused continues from its cursor' || diag "$(js "$(players m1)")"
like "$(worker 'asked.at(-1).url')" '\?after=[0-9]+&at=[0-9a-f]{16}&format=json(&turn=[0-9]+)?&wait=25$' 'a page that polls follows the URL that each answer names'
is "$(worker "$patient")" true 'a page that was refused waits for Retry-After' || diag "$(worker asked)"
unlike "$(browser complaints | sed -E 's/Failed to load resource: [^|]*//g')" '[^ |]' 'the console shows no other error or warning'
done_testing
