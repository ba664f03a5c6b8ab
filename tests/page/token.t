#!/bin/bash
# The board of a service with tokens: its address loses the token, and a cookie opens all that it asks for.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

token=0123456789abcdef-board
echo "$token" >"$scratch/tokens"
chmod 600 "$scratch/tokens"
make_db
feeder -q -d "$db" add m1 kickoff '{"home_team":"Ajax","away_team":"PSV"}'
feeder -q -d "$db" add m1 goal '{"team":"home","player":"Berghuis","time":"12:00"}'
message m1 Ajax PSV 1 0 13:00 'First Half' >/dev/null
serve --token-file "$scratch/tokens" --heartbeat 1s || exit
browser_start
visit "$url/?token=wrong-wrong-wrong-wrong&match=m1&lang=de"
words='[...document.querySelectorAll("h1, p, label, button")].map((one) => one.textContent).join("|")'
eventually sees "$words" 'Ein Token, bitte|Dieses Token ist unbekannt oder abgelaufen.|Token|Ergebnisse zeigen'
ok $? 'the page that asks for a token says in the language of the reader that one is unknown' || diag "$(js "$words")"
is "$(js location.search)" '?match=m1&lang=de' 'a wrong token leaves the address'
visit "$url/?match=m1&lang=en"
eventually sees 'document.forms[0].elements.length' 4
js "document.getElementById('token').value = '$token'; document.querySelector('form button').click()" >/dev/null
eventually sees 'document.querySelector(".moment .who")?.textContent' Berghuis
ok $? 'the token that a page asked for shows what the address asked for' || diag "$(cat "$scratch/service.log")"
visit "$url/"
open_row m1
eventually sees "$(of m1 .who)" Berghuis
ok $? 'a page with a cookie shows what happened before'
message m1 Ajax PSV 2 0 14:00 'First Half' >/dev/null
eventually sees "$(of m1 '.home .score')" 2
ok $? 'a page with a cookie shows what comes'
is "$(js 'new URLSearchParams(location.search).has("token") + document.cookie')" false 'neither the address nor a script has the token'
js 'document.querySelector("[data-match] .page").click()' >/dev/null
eventually sees 'document.querySelector(".moment .who")?.textContent' Berghuis
ok $? 'a link of that page leads to a match'
is "$(js 'new URL(document.getElementById("brand").href).search')" '' 'a link without the token leads back to the board'
is "$(grep 'status=401' "$scratch/service.log" | grep -cv 'path=/ ')" 0 'no request of a page with a cookie is refused'

# A token that is taken away while the page is open.
kept='caches.open("livescore-state").then((cache) => cache.keys()).then(({ length }) => length)'
eventually sees "$kept" 1
echo other-token-0123456789 >"$scratch/tokens"
eventually sees 'document.getElementById("token")?.type' password
ok $? 'a page whose token is taken away asks for another'
eventually sees "$kept" 0
ok $? 'a browser whose token is taken away keeps no scores'
unlike "$(browser complaints | sed -E 's/Failed to load resource: [^|]*401[^|]*//g')" '[^ |]' 'the console shows no other error or warning'
done_testing
