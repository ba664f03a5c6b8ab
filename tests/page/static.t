#!/bin/bash
# Without JavaScript, the service puts the matches into the page.  With it, they are there
# at once, and give way to the live ones.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 curl chromium python3
. tests/lib/browser.sh

page() { curl -sg "$url/${1:-}"; }
articles() { page "${1:-}" | sed -n '/id="static"/,/^<\/div>/p' | grep -cE '<(li|article) class="match' ; }
static='document.getElementById("static")'
names() { printf '[...document.querySelectorAll("#static .team")].map((team) => team.textContent).join(", ")'; }

make_db
serve || exit
like "$(page)" 'No matches yet' 'the page of an empty database says that there are no matches'
row b message '{"home_team":"Manchester United","away_team":"Liverpool","score":{"home":1,"away":0},"time":"23:15","status":"First Half","competition":"Premier League"}' >/dev/null
message a Ajax PSV 0 0 '' '' >/dev/null
message d Celtic Rangers 2 1 90+3 'Full Time' >/dev/null
message c Benfica Porto 0 0 0:00 Scheduled >/dev/null
row e message '{"home_team":"Argentina","away_team":"France","score":{"home":3,"away":3},"time":"120","status":"After Penalties","shootout":{"home":4,"away":2}}' >/dev/null

browser_start
browser scripts off >/dev/null
visit "$url/"
is "$(js "$(names)")" 'Manchester United, Liverpool, Ajax, PSV, Benfica, Porto, Celtic, Rangers, Argentina, France' \
    'a browser without JavaScript shows all matches by competition: those in play, to come, and over'
is "$(js "[...$static.querySelectorAll('h3')].map((title) => title.innerText.replaceAll(/\\s+/g, ' ')).join(', ').toLowerCase()")" 'premier league 1, other matches 4' \
    'matches without JavaScript are under the headings of their competitions'
is "$(js "$static.querySelector('.match').textContent.replaceAll(/\\s+/g, ' ').trim()")" "24' First Half Manchester United 1 Liverpool 0" 'a match without JavaScript has its minute, status and score'
is "$(js "[...$static.querySelectorAll('.match')].at(-1).textContent.replaceAll(/\\s+/g, ' ').trim()")" 'After Penalties Argentina 3 France 3 pens. 4–2' 'a match that was decided by a shoot-out shows it'
is "$(js "$static.querySelectorAll('.score')[4].textContent")" – 'a match that is to come has no score'
is "$(js "document.querySelector('noscript meta').httpEquiv + ' ' + document.querySelector('noscript meta').content")" 'refresh 30' 'the page reloads by itself'
message b 'Manchester United' Liverpool 1 0 45+2 'Half Time' >/dev/null
like "$(page | tr -d '\n')" '<span class="clock"></span> <span class="status">Half Time<' 'a match without JavaScript says that it is half-time'
message b 'Manchester United' Liverpool 1 1 24:00 'First Half' >/dev/null
visit "$url/"
is "$(js "[...[...$static.querySelectorAll('.match')].find((match) => match.textContent.includes('United')).querySelectorAll('.score')].map((score) => score.textContent).join(':')")" 1:1 'a reloaded page shows the news'
is "$(js "getComputedStyle(document.getElementById('connection')).display")" none \
    'the page without JavaScript shows no empty parts'
browser size 320 640 >/dev/null
is "$(js 'document.documentElement.scrollWidth')" 320 'a phone of 320 px has nothing to scroll sideways'
browser size 1200 800 >/dev/null
is "$(articles '?match=d')" 1 'a page for one match has one match'
like "$(page '?match=d')" '>Celtic<' 'a page for one match has no other'
is "$(articles '?match=%zz&debug') $(articles '?day=x') $(articles '?zone=x')" '5 0 5' 'unknown parameters of the query are ignored'
like "$(page '?match=a,b')" 'There is no such match' 'a page for an unknown match says so'

# shellcheck disable=SC2016
evil='<img src=x onerror=alert(1)>&lt;</noscript><script>alert(2)</script>%s%d{home}--><!--"'\''&#x202e;'
printf %s "$evil" >"$scratch/evil"
sql "INSERT INTO match_events(match_id, data) SELECT 'evil', json_object('home_team', e, 'away_team', e, 'time', e, 'status', e, 'competition', e)
     FROM (SELECT CAST(readfile('$scratch/evil') AS TEXT) AS e)"
sql "INSERT INTO match_events(match_id, data) VALUES ('odd', json_object('home_team', 'a' || char(1, 0x202e) || 'b', 'status', '', 'shootout', json_array('<b>')))"
sql "INSERT INTO match_events(match_id, data) VALUES ('<i>&\"', '{}')"
visit "$url/"
evil=$(python3 -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$evil")
is "$(js "[...$static.querySelectorAll('.team, .status, .clock, .competition')].filter((one) => one.textContent === $evil).length")" 5 \
    'hostile names, clocks and statuses are just text'
is "$(js "$static.querySelectorAll('img, script, b, i, [onerror]').length")" 0 'hostile names make no element'
is "$(js "$static.querySelectorAll('.match').length")" 8 'hostile names do not hide a match'
is "$(browser complaints)" '' 'the console shows no error or warning'
sql "DELETE FROM matches WHERE match_id IN ('evil', 'odd', '<i>&\"')"

# With scripts.
browser scripts on >/dev/null
visit "$url/"
eventually sees "$static" null
ok $? 'live matches take the place of the static ones with JavaScript'
mapfile -t list < <(sql 'SELECT word FROM statuses' | awk 'NR % 8 == 1' | head -14; printf '%s\n' 'Not-started' 'Pre match' 'full time' 'after_penalties' 'Drinks' '' 'First Half')
for i in "${!list[@]}"; do printf "INSERT INTO match_events(match_id, data) VALUES ('s%02d', json_object('match_id', 's%02d', 'home_team', '%02d', 'status', '%s'));\n" "$i" "$i" "$i" "${list[i]}"; done | sqlite3 -cmd ".timeout ${PATIENCE}000" "$db"
last=s$((${#list[@]} - 1))
eventually sees "$(state_of $last)" live
live=$(js '[...document.querySelectorAll("section .match")].map((match) => `${match.dataset.state ?? match.closest("section").id}: ${match.querySelector(".team").textContent}`).sort().join(", ")')
browser scripts off >/dev/null
visit "$url/"
is "$(js "[...$static.querySelectorAll('.match')].map((match) => \`\${match.dataset.state}: \${match.querySelector('.team').textContent}\`).sort().join(', ')")" \
    "$live" 'both ways of making the page agree on which status is in play, to come or over'

# Limits and failures.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24)
     INSERT INTO match_events(match_id, data) SELECT 'n' || i, json_object('home_team', 'N' || i) FROM n"
[ "$(sql 'SELECT count(*) FROM matches')" -gt 30 ] && is "$(articles)" 30 'thirty matches are in the page'
sql "INSERT INTO match_events(match_id, data) VALUES ('n24', json_object('home_team', printf('%.*c', 200, 'y'), 'away_team', printf('%.*c', 201, 'z')))"
is "$(page | grep -oE 'yy+' | tr -d '\n' | wc -c) $(page | grep -oE 'zz+' | tr -d '\n' | wc -c)" '200 200' 'a name is cut after 200 characters'
message last Last One 0 0 '' '' >/dev/null
is "$(articles) $(page | grep -c '>Last<')" '30 1' 'the page has the matches that were updated last'
mv "$db" "$scratch/away.db"
is "$(curl -s -o "$scratch/body" -w '%{http_code}' "$url/")" 200 'the page is served without a database'
like "$(cat "$scratch/body")" "can't be read" 'a page without a database says that there are no scores'
unlike "$(cat "$scratch/body")" "$scratch" 'nothing of where it should be'
eventually shows service.log 'no such file'; ok $? 'the log says that there is no database for the page'
no_crash
done_testing
