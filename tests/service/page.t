#!/bin/bash
# What the service puts into the page: a day or a match as HTML, and what a link to it shows.
# tags: sanitized

. tests/lib/lib.sh

make_db
ask() { printf 'GET %s HTTP/1.0\r\n\r\n' "$1" | livescore -d "$db" --no-poller 2>"$scratch/log"; }
static() { ask "$1" | sed -n '/id="static"/,/id="board"/p'; }
text() { sed -E 's/<[^>]*>/ /g' | tr -s ' \n' ' '; }
title() { ask "$1" | sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p'; }
today=$(date -u +%F)
# match ID STATUS TIME MORE
match() {
    sql "INSERT INTO match_events(match_id, data) VALUES ('$1', json_patch(json_object('home_team', 'Argentina', 'away_team', 'France',
         'score', json_object('home', 2, 'away', 1), 'status', '$2', 'time', '$3'), '$4'))"
}
event() { sql "INSERT INTO match_events(match_id, type, data) VALUES ('$1', '$2', '$3')"; }

match live 'Second Half' 79:30 '{"competition":"World Cup","round":"Final","venue":"Lusail","starts_at":"'"$today"'T15:00:00Z"}'
event live goal '{"time":"23:00","team":"home","player":"Lionel Messi","score":{"home":1,"away":0}}'
event live goal '{"time":"30:00","team":"away","player":"Nobody","score":{"home":1,"away":1}}'
sql "INSERT INTO match_events(match_id, type, data) SELECT 'live', 'void', json_object('voids', max(id)) FROM match_events"
event live red-card '{"time":"60:10","team":"away","player":"A <b> & \"C\""}'
event live shootout-goal '{"time":"120","team":"home","player":"D","detail":"high"}'
is "$(title '/?match=live')" "Argentina 2–1 France, 80'" 'the title of a match in play has score and minute'
is "$(ask '/?match=live' | grep -o '<meta property="og:[a-z]*" content="[^"]*">' | sed -E 's/.*og:([a-z]*)" content="([^"]*)".*/\1=\2/' | head -2)" \
    "title=Argentina 2–1 France, 80'
description=World Cup, Final, $today, Lusail, Second Half" 'a link to a match shows its score, competition, day and venue'
is "$(static '/?match=live' | sed -n '/timeline/,/<\/ol>/p' | text)" \
    " 120' Shootout goal D high 61' Red card A &lt;b> &amp; \"C\" 23' 1–0 Goal Lionel Messi " \
    'the page of a match has its time line, without what was taken back'
match live 'After Penalties' 120 '{"competition":"World Cup","shootout":{"home":4,"away":2},"half_time":{"home":1,"away":0},"starts_at":"'"$today"'T15:00:00Z"}'
is "$(title '/?match=live'):$(static '/?match=live' | grep 'class="notes"' | text)" \
    'Argentina 2–1 France (4–2 pens.), After Penalties: pens. 4–2 HT 1–0 ' 'a match that is over has its status, shoot-out and half-time score'
match coming Scheduled '' '{"starts_at":"'"$today"'T18:30:00Z"}'
is "$(title '/?match=coming')" 'Argentina – France, 18:30' 'the title of a match to come has its kick-off'
match off Abandoned 23:00 '{"score":{"home":0,"away":0}}'
match put-off Postponed '' '{"score":{"home":0,"away":0}}'
is "$(title '/?match=off'); $(title '/?match=put-off')" 'Argentina 0–0 France, Abandoned; Argentina – France, Postponed' 'a match that was abandoned has its score, one that was not played has none'
match evil 'Second Half' 1 '{"home_team":"\"><img src=x>%s%d","away_team":"&lt;","starts_at":"'"$today"'T00:00:00Z","round":"</bdi>"}'
is "$(ask '/?match=evil' | sed '/<template/,/<\/template>/d' | grep -cE '<img src=x|content="">|<bdi class="round"></bdi>')" 0 'a hostile name cannot end an attribute or make an element'
is "$(title '/?match=none')" livescore 'the page of an unknown match has the title of the board'

is "$(static / | text)" "$(static "/?day=$today" | text)" 'without a day the page has today'
like "$(static / | text)" 'World Cup 1 After Penalties Argentina 2 France red cards: 1 1 pens. 4–2 HT 1–0 Other matches .*1.* 2 ' \
    'a day has its competitions, and the other matches behind them'
match past 'Full Time' 90 '{"starts_at":"2026-01-31T15:00:00Z"}'
like "$(static / | xargs -0)" '<nav class="days"><a href="\?day=2026-01-31" aria-current="false">Sat 31 Jan</a> <a href="\?day='"$today"'" aria-current="date">' \
    'links lead to other days with matches; the day that is shown is marked'
like "$(static '/?day=2026-02-01&zone=%2B02:00')" '<a href="\?day=2026-01-31&amp;zone=%2B02:00"' 'links to other days keep the time zone'
is "$(static '/?day=2026-01-31&zone=Asia/Tokyo' | grep -c '<li') $(static '/?day=2026-02-01&zone=Asia/Tokyo' | grep -c '<li')" '0 1' \
    'the day of a page is one of its time zone'
like "$(static '/?day=2026-02-20')" 'No matches on this day' 'a day without matches says so'
match there Scheduled '' '{"local_time":"2022-12-20 18:30"}'
like "$(static '/?day=2022-12-20' | text)" ' Tue 20 Dec 2022 .* 18:30 Argentina' 'a day of another year says which; a match of which only the local time is known has its time'

sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
     INSERT INTO match_events(match_id, data)
     SELECT 'n%&' || i, json_object('home_team', 'Borussia ' || i, 'away_team', 'Paris ' || i, 'competition', 'League ' || (i % 5),
                                   'starts_at', date('2026-06-01', (i % 6) || ' days') || 'T12:00:00Z') FROM n"
ask '/?day=2026-06-03' >"$scratch/page"
is "$(grep -c '<li class="match" data' "$scratch/page") $(grep -c 'href="?offset=30&amp;day=2026-06-03">More matches' "$scratch/page")" '30 1' \
    'a page has thirty matches, and leads to the next ones'
like "$(cat "$scratch/page")" 'href="\?match=n%25%26[0-9]+"' 'the link of a match holds any id'
is "$(ask '/?offset=330&day=2026-06-03' | grep -cE '<li class="match" data|More matches')" 4 'the last page has no link to a next one'
size=$(wc -c <"$scratch/page") frame=$(wc -c <src/web/index.html)
[ $((size - frame)) -lt 20000 ]; ok $? 'of 2,000 matches the page holds less than 20 KB' || diag "$size with a frame of $frame bytes"
done_testing
