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
serve --token-file "$scratch/tokens" || exit
browser_start
visit "$url/"
js "document.getElementById('token').value = '$token'; document.querySelector('form button').click()" >/dev/null
eventually sees "$(of m1 '.home .score')" 1
ok $? 'the token that a page asked for shows the scores' || diag "$(cat "$scratch/service.log")"
open_row m1
eventually sees "$(of m1 .who)" Berghuis
ok $? 'a page with a cookie shows what happened before'
message m1 Ajax PSV 2 0 14:00 'First Half' >/dev/null
eventually sees "$(of m1 '.home .score')" 2
ok $? 'a page with a cookie shows what comes'
is "$(js 'location.search + document.cookie')" '' 'neither the address nor a script has the token'
js 'document.querySelector("[data-match] .page").click()' >/dev/null
eventually sees 'document.querySelector(".moment .who")?.textContent' Berghuis
ok $? 'a link of that page leads to a match'
is "$(js 'new URL(document.getElementById("brand").href).search')" '' 'a link without the token leads back to the board'
is "$(grep 'status=401' "$scratch/service.log" | grep -cv 'path=/ ')" 0 'no request of a page with a cookie is refused'
is "$(browser complaints | grep -v 401)" '' 'the console shows no error or warning'
done_testing
