#!/bin/bash
# The page as an app: it opens without the server, with the last state and its age, and notices at
# once that the network has gone.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 curl chromium python3 jq
. tests/lib/browser.sh

make_db
message m1 Ajax PSV 1 0 23:15 'First Half' >/dev/null
serve || exit
serve_port=$port
is "$(curl -s "$url/app.webmanifest" | jq -r '[.start_url, .scope, .display, .icons[].src] | join(" ")')" './ ./ standalone favicon.svg icon.png icon.png' 'the page has a manifest, whose addresses are relative'
is "$(curl -sI "$url/app.webmanifest" | tr -d '\r' | sed -n 's/^Content-Type: //p')" application/manifest+json 'the manifest has its media type'

browser_start
connection='document.getElementById("connection-state").textContent'
visit "$url/?lang=de"
eventually sees "$connection" Live

# A network that goes: the event comes at once, silence would take 45 s.  Here the server stays
# within reach, so the page is live again.
js 'window.seen = [], new MutationObserver(() => seen.push(document.getElementById("connection-state").textContent)).observe(document.getElementById("connection"), { subtree: true, childList: true, characterData: true }), Object.defineProperty(navigator, "onLine", { value: false, configurable: true }), dispatchEvent(new Event("offline")), 0' >/dev/null
eventually sees 'seen.join()' 'Offline,Live'
ok $? 'a page notices at once that the network has gone, and is live again if it has the server all the same' || diag "$(js 'seen.join()')"

# What is kept, and the page without a server.
kept() { sees 'Promise.all(["page", "state"].map(async (name) => (await (await caches.open(`livescore-${name}`)).keys()).length)).then(([files, states]) => files > 10 && states === 1)' true; }
eventually kept; ok $? 'the page and the last state are kept in the browser'
is "$(js 'caches.match("./").then((page) => page.text()).then((text) => text.includes("Ajax"))')" false 'the page is kept without the scores in it'
is "$(js 'caches.open("livescore-page").then((cache) => cache.keys()).then((all) => all.filter(({ url }) => /livescore\?|matches|healthz/.test(url)).length)')" 0 'the service worker keeps no data of the service'
stop_service KILL
visit "$url/?show=all"
eventually sees "$(of m1 '.home .score')" 1
ok $? 'without the server, the page opens with the last state, in its language' || diag "$(js 'document.body.innerText')"
unlike "$(js "$connection")" 'Live' 'a page without a server does not say that it is live'
eventually sees '/Stand: vor [0-9]+ (Sek|Min)/.test(document.getElementById("connection-age").textContent)' true
ok $? 'a page without a server tells the age of what it shows' || diag "$(js 'document.getElementById("connection-age").textContent')"
visit "$url/?table=A"
eventually sees 'document.querySelector("#view .none")?.textContent' 'Warten auf den Server'; ok $? 'a table says that it waits for the server' || diag "$(js 'document.body.innerText')"
browser tab >/dev/null
browser before 'Date.now = ((real) => () => real() + 86400000)(Date.now.bind(Date))' >/dev/null
visit "$url/"
eventually sees 'document.querySelector("#none-that-day a:not([hidden])")?.textContent' Gestern
js 'document.querySelector("#none-that-day a:not([hidden])").click()' >/dev/null
eventually sees "$(of m1 '.home .score')" 1; ok $? 'on the next day, a page without a server leads to the last state' || diag "$(js 'document.body.innerText')"
browser close >/dev/null
browser tab 1 >/dev/null
visit "$url/?show=all"
eventually sees "$(of m1 '.home .score')" 1
js 'document.getElementById("open-settings").click()' >/dev/null
eventually sees 'document.getElementById("settings").open' true
ok $? 'settings open without the server'
open_row m1
js 'document.getElementById("settings").close(), document.querySelector("[data-match=m1] .page").click()' >/dev/null
eventually sees 'document.querySelector("#view .match .score.home")?.textContent' 1
ok $? 'the page of a match opens without the server' || diag "$(js 'document.body.innerText')"
start python3 -c 'import http.server, sys, time
class Gateway(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/?show=live": time.sleep(1000)
        self.send_error(503)
    log_message = lambda *_: None
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Gateway).serve_forever()' "$serve_port"
gateway=$!
eventually curl -s -o /dev/null "$url/"
visit "$url/?show=all"
eventually sees "$(of m1 '.home .score')" 1; ok $? 'the page opens behind a proxy that has no server' || diag "$(js 'document.body.innerText')"
visit "$url/?show=live"
eventually sees "$(of m1 '.home .score')" 1; ok $? 'the page opens in a network that has gone quiet' || diag "$(js 'document.body.innerText')"
kill "$gateway"
wait "$gateway"
message m1 Ajax PSV 2 0 24:15 'First Half' >/dev/null
serve || exit
eventually sees "$(of m1 '.home .score')" 2
ok $? 'a page that was opened without the server is live when the server is back'

# Another build.
js 'caches.open("livescore-page").then((cache) => cache.put(new URL("assets/0123456789abcdef/old.js", location), new Response(""))).then(() => caches.open("livescore-page")).then(async (cache) => { for (const { url } of await cache.keys()) if (url.endsWith("/kept.js")) await cache.delete(url); })' >/dev/null
visit "$url/"
eventually sees 'caches.open("livescore-page").then((cache) => cache.keys()).then((all) => all.some(({ url }) => url.endsWith("/kept.js")) && !all.some(({ url }) => url.endsWith("/old.js")))' true
ok $? 'the files of a new build replace those of the old one'
js 'window.old = true, caches.open("livescore-page").then(async (cache) => { const { url } = (await cache.keys()).find(({ url }) => url.endsWith("/tables.js")); await cache.put(url, new Response("export {}", { headers: { "Content-Type": "text/javascript" } })); document.dispatchEvent(new CustomEvent("go", { detail: "?table=A" })); })' >/dev/null
eventually sees 'window.old + " " + (document.querySelector("#view .tables") !== null)' 'true true'
ok $? 'a page shows the views of its own build when the files are those of another one'
browser tab >/dev/null          # the other has the view in its memory
visit "$url/"
eventually sees "$(of m1 '.home .score')" 2
js 'window.old = true, document.dispatchEvent(new CustomEvent("go", { detail: "?table=A" }))' >/dev/null
eventually sees 'window.old + location.search' 'undefined?table=A'
ok $? 'a page whose views belong to another build is reloaded'
unlike "$(browser complaints | sed -E 's/Failed to load resource: [^|]*//g')" '[^ |]' 'the console shows no other error or warning'
no_crash
done_testing
