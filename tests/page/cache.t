#!/bin/bash
# Browsers revalidate the page and download it once until it changes; they never ask for the
# page's files again.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

# asked PATTERN - how many requests matched such a path and status
asked() { grep -cE "path=$1 " "$scratch/service.log"; }
asked_times() { [ "$(asked "$1")" -ge "$2" ]; }

make_db
message m1 Ajax PSV 1 0 23:15 'First Half' >/dev/null
serve || exit
browser_start
browser before 'delete Navigator.prototype.serviceWorker' >/dev/null # it would ask for the page, too
visit "$url/"
eventually sees "$(of m1 '.home .team')" Ajax
eventually sees 'document.getElementById("connection-state").textContent' Live
eventually asked_times '/ status=200' 1

visit about:blank
visit "$url/"
eventually sees "$(of m1 '.home .team')" Ajax
eventually asked_times '/ status=304' 1
ok $? 'the second visit revalidates the page'
files=$(asked '/assets/[0-9a-f]+/[a-z./]+ status=200')
[ "$files" -gt 3 ]; ok $? 'the first visit fetches the page and its files'
is "$(grep -oE 'path=/assets/[^ ]*' "$scratch/service.log" | sort | uniq -d)" '' 'two visits fetch each file once'
browser reload >/dev/null
eventually sees "$(of m1 '.home .team')" Ajax
eventually asked_times '/ status=304' 2
ok $? 'a reload revalidates the page'
is "$(asked '/assets/.*')" "$files" 'a reload asks for no file again'
is "$(js 'performance.getEntriesByType("resource").filter((one) => one.name.includes("/assets/") && one.transferSize > 0).length')" 0 'the browser takes no file from the network again'

message m1 Ajax PSV 2 0 24:00 'First Half' >/dev/null
visit about:blank
visit "$url/"
eventually asked_times '/ status=200' 2
ok $? 'when a score has changed, the page is another one'
is "$(asked '/assets/.*')" "$files" 'no file is asked for again when a score has changed'
is "$(browser complaints)" '' 'the console shows no error or warning'
no_crash
done_testing
