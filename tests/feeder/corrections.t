#!/bin/bash
# A document of each format that is corrected step by step: after each, matches, scorers, cards, tables and ties are those
# that its last version makes by itself, and the same version again adds nothing.
. tests/lib/lib.sh
need sqlite3 jq

mkdir "$scratch/now"
documents=tests/fixtures/feeder/formats
state="SELECT match_id, home_team, home_score, away_score, away_team, clock, status, message ->> '\$.shootout' FROM matches ORDER BY 1;
       SELECT * FROM league; SELECT * FROM ties; SELECT * FROM scorers ORDER BY 1, 2, 3; SELECT * FROM cards ORDER BY 1, 2, 3"
# begin FILE - a fresh database with that document
begin() {
    rm -f "$db"*
    now=$scratch/now/${1##*/}
    cp "$1" "$now"
    chmod u+w "$now"
    feeder -q -d "$db" load "$now"
}
# step NAME JQ - the document is changed so, and loaded twice
step() {
    local rows done=0
    jq "$2" "$now" >"$scratch/next" && mv "$scratch/next" "$now"
    rm -f "$scratch/alone.db"*
    feeder -q -d "$scratch/alone.db" load "$now" && feeder -q -d "$db" load "$now" || done=1
    rows=$(sql 'SELECT count(*) FROM match_events')
    feeder -q -d "$db" load "$now"
    diff <(sqlite3 "$scratch/alone.db" "$state") <(sql "$state") >"$scratch/diff" &&
        [ "$(sql 'SELECT count(*) FROM match_events')" = "$rows" ] && [ $done -eq 0 ]
    ok $? "$1" || diag "$(head -20 "$scratch/diff")"
}

begin $documents/openfootball-2022.json
step 'openfootball: a match that moved to the front' '.matches |= (.[20:21] + .[:20] + .[21:])'
step 'openfootball: a match on another day' '.matches[5].date = "2022-12-01"'
step 'openfootball: the minute of a goal' '(first(.matches[] | .goals1[]?)) |= (.minute = 33)'
step 'openfootball: a goal of another player' '(first(.matches[] | .goals1[]?)) |= (.name = "Another")'
step 'openfootball: an own goal that is a goal' '(first(.matches[] | .goals1[]?, .goals2[]? | select(.owngoal))) |= del(.owngoal)'
step 'openfootball: a result that was annulled' '.matches[6] |= (.status = "annulled" | del(.score, .goals1, .goals2))'
step 'openfootball: a match that was abandoned' '.matches[7] |= (.status = "abandoned")'
step 'openfootball: and replayed' '.matches |= . + [.[7] | del(.status) | .date = "2022-12-20" | .score = {"ft": [1, 0], "ht": [0, 0]} | .goals1 = [{"name": "R", "minute": 50}] | .goals2 = []]'
step 'openfootball: one that was awarded' '.matches[8] |= (.status = "awarded" | .score = {"ft": [0, 3]})'
step 'openfootball: a result that counts again' '.matches[6] |= (del(.status) | .score = {"ft": [2, 1]})'

jq -s '{matches: (.[0].matches + [.[1]])}' $documents/football-data-list.json $documents/football-data-match.json >"$scratch/list.json"
begin "$scratch/list.json"
ended='first(.matches[] | select(.status == "FINISHED" and (.goals | length) > 0))'
step 'football-data: a match that moved to the front' '.matches |= reverse'
step 'football-data: the minute of a goal' "($ended | .goals[0].minute) = 3"
step 'football-data: a goal of another player' "($ended | .goals[0].scorer.name) = \"Another\""
step 'football-data: an own goal that is a goal' '(first(.matches[] | .goals[]? | select(.type == "OWN")) | .type) = "REGULAR"'
step 'football-data: a match that was called off after all' '(.matches[0]) |= (.status = "CANCELLED" | .score = {"duration": "REGULAR", "fullTime": {"home": null, "away": null}, "halfTime": {"home": null, "away": null}} | .goals = [])'
step 'football-data: and is played under another id' '.matches |= . + [.[1] | .id = 777]'
step 'football-data: one that was awarded' '(.matches[1]) |= (.status = "AWARDED" | .score = {"duration": "REGULAR", "fullTime": {"home": 3, "away": 0}, "halfTime": {"home": null, "away": null}} | .goals = [])'

begin $documents/3869685.json
step 'statsbomb: the minute of a goal' '(first(.[] | select(.shot.outcome.name == "Goal"))) |= (.minute = 21 | .timestamp = "00:21:09.150")'
step 'statsbomb: a goal of another player' '(first(.[] | select(.shot.outcome.name == "Goal")) | .player.name) = "Another"'
step 'statsbomb: a goal that was taken back' '. as $all | first(range(length) as $i | select($all[$i].shot.outcome.name == "Goal") | $i) as $i | del(.[$i])'
done_testing
