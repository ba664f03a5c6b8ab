#!/bin/bash
# /matches?day=: which matches are on a day, in which time zone; what is told of each; pages.
# tags: sanitized

. tests/lib/lib.sh
need python3

make_db
[ -e /usr/share/zoneinfo/America/Santiago ] || missing_here "no time zones: install tzdata"

# match ID TIME [NAME VALUE]... - an update's row; a value is JSON
match() {
    local id=$1 at=$2 more=''
    shift 2
    while [ $# -gt 0 ]; do
        more="$more, '$1', json('$2')"
        shift 2
    done
    echo "INSERT INTO match_events(match_id, data, created_at) VALUES ('$id', json_object('match_id', '$id'$more,
          'home_team', 'H', 'away_team', 'A', 'score', json('{\"home\":1,\"away\":0}'), 'time', '50:00', 'status', 'Second Half'),
          '$at');"
}
# event ID TYPE DATA - with its time on the 27th
event() { echo "INSERT INTO match_events(match_id, type, data, created_at) VALUES ('$1', '$2', '$3', '2026-11-27T20:00:00.000Z');"; }

at=2026-11-20T12:00:00.000Z
{
    echo 'BEGIN;'
    match late $at starts_at '"2026-11-27T23:30:00Z"'
    match spring-first $at starts_at '"2026-03-28T23:00:00Z"'
    match spring-last $at starts_at '"2026-03-29T21:59:00Z"'
    match spring-next $at starts_at '"2026-03-29T22:00:00Z"'
    match autumn-first $at starts_at '"2026-10-24T22:00:00Z"'
    match autumn-last $at starts_at '"2026-10-25T22:59:00Z"'
    match autumn-next $at starts_at '"2026-10-25T23:00:00Z"'
    match gap-before $at starts_at '"2026-09-06T03:59:00Z"'
    match gap-after $at starts_at '"2026-09-06T04:00:00Z"'
    match local $at local_time '"2026-07-01 23:59"'
    match undated 2026-05-05T22:30:00.000Z
    match undated 2026-05-06T00:30:00.000Z
    # what is told
    match first-leg 2026-11-13T22:00:00.000Z competition '"Cup"' season '"2026"' leg 1 starts_at '"2026-11-13T19:00:00Z"' \
        home_team '"B"' away_team '"A"' score '{"home":3,"away":1}'
    match second-leg $at competition '"Cup"' season '"2026"' starts_at '"2026-11-27T19:00:00Z"'
    event second-leg kickoff '{"time":"0:00"}'
    event second-leg red-card '{"time":"30:00","team":"home"}'
    event second-leg halftime '{"score":{"home":2,"away":0}}'
    event second-leg second-yellow '{"time":"80:00","team":"away"}'
    echo "INSERT INTO match_events(match_id, type, data)
          SELECT 'second-leg', 'void', json_object('voids', id) FROM match_events WHERE type = 'red-card';"
    event second-leg red-card '{"time":"81:00","team":"home"}'
    event second-leg red-card '{"time":"82:00","team":"home"}'
    match second-leg 2026-11-27T21:30:00.000Z competition '"Cup"' season '"2026"' leg 2 starts_at '"2026-11-27T19:00:00Z"' \
        home_team '"A"' away_team '"B"' score '{"home":2,"away":0}' shootout '{"home":4,"away":5}' round '"Final"' group '"G"' \
        status '"After Penalties"' venue '"V"'
    match hostile 2026-11-27T12:00:00.000Z starts_at '"2026-11-27T12:00:00Z"' competition '"\"</script><b>&amp;\\\u0000\ud800"' \
        home_team '"\"\\\n</script>\ud83d"' away_team "\"$(printf '%01000d' 0)\"" shootout '{"home":"x","away":[]}' half_time '7' \
        round '{"a":1}' group '[]' leg '"1"'
    echo 'COMMIT;'
} >"$scratch/rows.sql"
sql "$(cat "$scratch/rows.sql")" >/dev/null || echo 'Bail out! no rows'

serve
ids() { get "$1" | grep -o '"match_id":"[^"]*"' | cut -d '"' -f 4 | sort | xargs; }
day() { ids "/matches?day=$1&zone=$2"; }

is "$(day 2026-11-27 UTC): $(day 2026-11-28 UTC)" 'hostile late second-leg: ' 'without an offset, a day is one of UTC'
is "$(day 2026-11-27 Europe/Berlin): $(day 2026-11-28 Europe/Berlin)" 'hostile second-leg: late' \
    'a match that begins after midnight east of it is on the next day there'
is "$(day 2026-11-27 America/New_York): $(day 2026-11-28 America/New_York)" 'hostile late second-leg: ' 'a match that begins after midnight is on the day before in the west'
is "$(day 2026-03-28 Europe/Berlin): $(day 2026-03-29 Europe/Berlin): $(day 2026-03-30 Europe/Berlin)" \
    ': spring-first spring-last: spring-next' 'a day of 23 hours has the matches of 23 hours'
is "$(day 2026-10-24 Europe/Berlin): $(day 2026-10-25 Europe/Berlin): $(day 2026-10-26 Europe/Berlin)" \
    ': autumn-first autumn-last: autumn-next' 'a day of 25 hours has the matches of 25 hours'
is "$(day 2026-09-05 America/Santiago): $(day 2026-09-06 America/Santiago)" 'gap-before: gap-after' 'a day without a midnight begins after the gap'
is "$(day 2026-11-27 %2B00:31): $(day 2026-11-28 +00:31): $(day 2026-11-28 -00:31)" 'hostile second-leg: late: ' \
    'an offset is a zone, whether its plus sign was escaped or became a space'
is "$(day 2026-07-01 Pacific/Kiritimati): $(day 2026-07-01 Pacific/Pago_Pago): $(day 2026-07-02 Pacific/Kiritimati)" 'local: local: ' \
    'a match with only a local time is on that day in every zone'
is "$(day 2026-05-05 UTC): $(day 2026-05-06 UTC): $(day 2026-05-06 Europe/Berlin)" 'undated: : undated' \
    'a match without a kick-off is on the day of its first row, although it went on after midnight'

answer=$(get '/matches?day=2026-11-27&competition=Cup')
is "$(sqlite3 :memory: "SELECT value FROM json_each('$answer', '$.matches')" | sed -E 's/"message_id".*//')" \
    '{"match_id":"second-leg","home_team":"A","away_team":"B","score":{"home":2,"away":0},"time":"50:00","status":"After Penalties","state":"finished","competition":"Cup","season":"2026","round":"Final","group":"G","leg":2,"venue":"V","starts_at":"2026-11-27T19:00:00Z","half_time":{"home":2,"away":0},"shootout":{"home":4,"away":5},"aggregate":{"home":3,"away":3},"red_cards":{"home":2,"away":1},' \
    'a match has its half-time score, shoot-out, aggregate and the red cards that were not taken back'
is "$(sqlite3 :memory: "SELECT '$answer' -> '$.counts', '$answer' -> '$.competitions', '$answer' -> '$.dated', '$answer' -> '$.next'")" \
    '{"all":1,"live":0,"upcoming":0,"finished":1,"off":0}|[{"competition":"Cup","matches":1,"live":0}]|true|null' 'a chosen competition has its own counts'
is "$(sqlite3 :memory: "SELECT '$answer' -> '$.days', '$answer' ->> '$.before', '$answer' ->> '$.after' IS NULL")" \
    '[{"day":"2026-11-27","matches":3}]|2026-11-13|1' 'the days around are counted, and the next one before them is named'
is "$(sqlite3 :memory: "SELECT '$answer' ->> '$.last_id'")" "$(sql 'SELECT max(id) FROM match_events')" 'the answer names the newest row'

get '/matches?day=2026-11-27' >"$scratch/day"
is "$(python3 -c '
import json, sys
one = [m for m in json.load(open(sys.argv[1], encoding="utf-8", errors="strict"))["matches"] if m["match_id"] == "hostile"][0]
print(ascii([one["home_team"], len(one["away_team"]), one["competition"], one.get("shootout"), one.get("half_time"), one.get("leg")]))' "$scratch/day")" \
    "['\"\\\\\\n</script>\\ufffd\\ufffd\\ufffd', 200, '\"</script><b>&amp;\\\\', None, None, None]" 'hostile names come out as text'
is "$(get '/matches?match=late' | grep -c '"matches":\[{"match_id":"late".*\],"last_id"') $(get '/matches?match=none')" \
    "1 {\"matches\":[],\"last_id\":$(sql 'SELECT max(id) FROM match_events')}" 'match= answers with one match, or none'

tag=$(curl -sI "$url/matches?day=2026-11-27" | tr -d '\r' | sed -n 's/^ETag: //p')
get '/matches?day=2026-11-27' -H "If-None-Match: $tag" >/dev/null
is "$(cat "$scratch/status")" 304 'a day that the client has already gets 304'
for zone in ../../etc/passwd /etc/localtime Europe/ Europe zone.tab tzdata.zi Europe/Nowhere +2:00 +02:0x "$(printf '%065d' 0)" ''; do
    get "/matches?day=today&zone=$zone" >/dev/null
    is "$(cat "$scratch/status")" 400 "${zone:0:20} is refused as a zone"
done
for wrong in 2026-13-01 2026-02-30 tomorrow 20261127 '' %00 "1'"; do
    get "/matches?day=$wrong" >/dev/null
    is "$(cat "$scratch/status")" 400 "'$wrong' is refused as a day"
done
is "$(get '/matches?day=today&zone=Pacific/Kiritimati' | sed -E 's/.*"today":"([^"]*)".*/\1/')" "$(TZ=Pacific/Kiritimati date +%F)" \
    'today is that of the zone'

# A match that is played again under its id, as a demo does
cards() { get '/matches?match=again' | grep -oE '"(half_time|red_cards)":[^}]*}' | xargs; }
# again STATUS TYPE... - events, and the message after them
again() {
    local status=$1
    shift
    { for type; do event again "$type" '{"time":"30:00","team":"home","score":{"home":1,"away":0}}'; done
      match again $at starts_at '"2026-10-10T12:00:00Z"' status "\"$status\""; } | sqlite3 "$db"
}
again 'Second Half' kickoff red-card halftime
is "$(cards)" 'half_time:{home:1,away:0} red_cards:{home:1,away:0}' 'a match in play has its red card and its half-time score'
again 'First Half' suspended kickoff
is "$(cards)" 'half_time:{home:1,away:0} red_cards:{home:1,away:0}' 'a match that goes on after a suspension keeps its red card'
again 'Full Time' fulltime
is "$(cards)" 'half_time:{home:1,away:0} red_cards:{home:1,away:0}' 'a match that is over keeps its red card'
again Scheduled
is "$(cards)" '' 'a match that is to be played again has no red card'
again 'First Half' red-card kickoff red-card
is "$(cards)" 'red_cards:{home:2,away:0}' 'a match that is played again has only the red cards since'
like "$(get '/?match=again' | grep -o 'class="what">[^<]*' | cut -d '>' -f 2 | xargs)" '^Red card Kick-off Red card$' 'the time line of a match that is played again has only what came since'
again Abandoned abandoned
again 'First Half' kickoff
is "$(cards)" '' 'a match that is played again after it was abandoned has no red card'
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO match_events(match_id, type, data) SELECT 'other', 'var', '{}' FROM n"
event again red-card '{"team":"away"}' | sqlite3 "$db"
is "$(cards)" 'red_cards:{home:0,away:1}' 'a red card counts however many rows of other matches came since the last message of its own'

# Without the indexes, as in a database of an earlier version
before=$(get '/matches?day=2026-11-27')
sql 'DROP INDEX matches_by_day; DROP INDEX match_events_by_phase'
is "$(get '/matches?day=2026-11-27')" "$before" 'a database without the indexes has the same days'
feeder -d "$db" check --repair >/dev/null 2>&1
plan=$({ echo 'EXPLAIN QUERY PLAN'; cat sql/service/fixtures.sql sql/service/day.sql; } | sqlite3 "$db")
is "$(grep -E 'SCAN (matches|match_events|kickoff)$' <<<"$plan"; grep -c matches_by_day <<<"$plan" | sed 's/[1-9]/found/')" found \
    'after a repair, no table is read in full for a day'

# Pages: 450 matches of one day in three competitions
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
     INSERT INTO match_events(match_id, data)
     SELECT 'n' || i, json_object('home_team', 'H' || i, 'competition', 'Liga & ' || (i % 3), 'starts_at', '2026-12-01T12:00:00Z') FROM n"
pages() {
    local next="?day=2026-12-01&zone=Europe/Berlin&cachebuster=1"
    for _ in 1 2 3 4; do
        get "/matches$next" >"$scratch/page"
        grep -o '"match_id":"[^"]*"' "$scratch/page" >"$scratch/ids"
        echo "$(wc -l <"$scratch/ids") $next" >&2
        cat "$scratch/ids"
        next=$(sed -E 's/.*"next":"?([^"}]*)"?}$/\1/' "$scratch/page")
        [ "$next" != null ] || break
    done
}
pages >"$scratch/all" 2>"$scratch/pages"
is "$(sort -u "$scratch/all" | wc -l) $(wc -l <"$scratch/all")" '450 450' 'the pages of a day have each match once'
is "$(tail -n +2 "$scratch/pages" | xargs)" \
    '200 ?offset=200&day=2026-12-01&zone=Europe%2FBerlin 50 ?offset=400&day=2026-12-01&zone=Europe%2FBerlin' \
    'a page of a day has the same address for all clients'
is "$(get '/matches?day=2026-12-01&offset=-1e3' | grep -o '"next":.*')$(get '/matches?day=2026-12-01&offset=99999999999999999999' | grep -o '"matches":\[\],.*"next":.*')" \
    "\"next\":\"?offset=200&day=2026-12-01\"}\"matches\":[],\"last_id\":$(sql 'SELECT max(id) FROM match_events'),\"next\":null}" \
    'an offset out of bounds is the first page, or an empty one'
is "$(get '/matches?day=2026-12-01&competition=Liga%20%26%201&zone=UTC' | grep -o '"match_id"' | wc -l)" 150 'a competition is chosen by its whole name'

# A season with only local times
feeder -q -d "$scratch/season.db" load tests/fixtures/feeder/formats/openfootball-2022.json
final() { printf 'GET /matches?day=2022-12-18&zone=%s HTTP/1.0\r\n\r\n' "$1" | livescore -d "$scratch/season.db" --no-poller 2>"$scratch/log" | grep -o '"home_team":"[^"]*"' | cut -d '"' -f 4; }
is "$(final Asia/Tokyo) $(final America/New_York)" 'Argentina Argentina' "a season that was loaded has its matches on their days"

no_crash
done_testing
