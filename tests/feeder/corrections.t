#!/bin/bash
# A document of each format is corrected step by step: after each step, matches, scorers, cards, tables and ties are those
# of its last version alone, and loading that version again adds nothing.
# tags: once slow
. tests/lib/lib.sh
need sqlite3 jq

mkdir "$scratch/now"
documents=tests/fixtures/feeder/formats
state="SELECT match_id, home_team, home_score, away_score, away_team, clock, status, message ->> '\$.shootout' FROM matches ORDER BY 1;
       SELECT * FROM league; SELECT * FROM ties; SELECT * FROM scorers ORDER BY 1, 2, 3; SELECT * FROM cards ORDER BY 1, 2, 3;
       SELECT match_id, type, time, team, player, detail FROM timeline WHERE type NOT IN (SELECT event FROM statuses WHERE event IS NOT NULL) ORDER BY 1, 2, 3, 4, 5"
options=()
# begin FILE - loads that document into a fresh database, with the options
begin() {
    rm -f "$db"*
    now=$scratch/now/${1##*/}
    cp "$1" "$now"
    chmod u+w "$now"
    feeder -q -d "$db" load "${options[@]}" "$now"
}
# step NAME JQ - changes the document, and loads it twice
step() {
    local done=0
    jq "$2" "$now" >"$scratch/next" && mv "$scratch/next" "$now"
    rm -f "$scratch/alone.db"*
    feeder -q -d "$scratch/alone.db" load "${options[@]}" "$now" && feeder -q -d "$db" load "${options[@]}" "$now" || done=1
    rows=$(sql 'SELECT count(*) FROM match_events')
    feeder -q -d "$db" load "${options[@]}" "$now"
    diff <(sqlite3 "$scratch/alone.db" "$state") <(sql "$state") >"$scratch/diff" &&
        [ "$(sql 'SELECT count(*) FROM match_events')" = "$rows" ] && [ $done -eq 0 ]
    ok $? "$1 is loaded, and nothing else" || diag "$(head -20 "$scratch/diff")"
}

begin $documents/openfootball-2022.json
step 'openfootball: a match that moved to the front' '.matches |= (.[20:21] + .[:20] + .[21:])'
step 'openfootball: a match on another day' '.matches[5].date = "2022-12-01"'
step 'openfootball: the minute of a goal' '(first(.matches[] | .goals1[]?)) |= (.minute = 33)'
step 'openfootball: a goal of another player' '(first(.matches[] | .goals1[]?)) |= (.name = "Another")'
step 'openfootball: an own goal that is a goal' '(first(.matches[] | .goals1[]?, .goals2[]? | select(.owngoal))) |= del(.owngoal)'
step 'openfootball: a goal that is an own goal' '(.matches[0].goals1[0], .matches[0].goals2[0] | values) |= (.owngoal = true)'
step 'openfootball: a result that was annulled' '.matches[6] |= (.status = "annulled" | del(.score, .goals1, .goals2))'
step 'openfootball: a match that was abandoned' '.matches[7] |= (.status = "abandoned")'
step 'openfootball: a match that was abandoned and is replayed' '.matches |= . + [.[7] | del(.status) | .date = "2022-12-20" | .score = {"ft": [1, 0], "ht": [0, 0]} | .goals1 = [{"name": "R", "minute": 50}] | .goals2 = []]'
step 'openfootball: a match that was awarded' '.matches[8] |= (.status = "awarded" | .score = {"ft": [0, 3]})'
step 'openfootball: a result that counts again' '.matches[6] |= (del(.status) | .score = {"ft": [2, 1]})'

jq -s '{matches: (.[0].matches + [.[1]])}' $documents/football-data-list.json $documents/football-data-match.json >"$scratch/list.json"
begin "$scratch/list.json"
ended='first(.matches[] | select(.status == "FINISHED" and (.goals | length) > 0))'
step 'football-data: a match that moved to the front' '.matches |= reverse'
step 'football-data: the minute of a goal' "($ended | .goals[0].minute) = 3"
step 'football-data: a goal of another player' "($ended | .goals[0].scorer.name) = \"Another\""
step 'football-data: an own goal that is a goal' '(first(.matches[] | .goals[]? | select(.type == "OWN")) | .type) = "REGULAR"'
step 'football-data: a match that was called off after all' '(.matches[0]) |= (.status = "CANCELLED" | .score = {"duration": "REGULAR", "fullTime": {"home": null, "away": null}, "halfTime": {"home": null, "away": null}} | .goals = [])'
step 'football-data: a match that was called off and is played under another id' '.matches |= . + [.[1] | .id = 777]'
step 'football-data: a match that was awarded' '(.matches[1]) |= (.status = "AWARDED" | .score = {"duration": "REGULAR", "fullTime": {"home": 3, "away": 0}, "halfTime": {"home": null, "away": null}} | .goals = [])'

begin $documents/3869685.json
step 'statsbomb: the minute of a goal' '(first(.[] | select(.shot.outcome.name == "Goal"))) |= (.minute = 21 | .timestamp = "00:21:09.150")'
step 'statsbomb: a goal of another player' '(first(.[] | select(.shot.outcome.name == "Goal")) | .player.name) = "Another"'
step 'statsbomb: a goal that was taken back' '. as $all | first(range(length) as $i | select($all[$i].shot.outcome.name == "Goal") | $i) as $i | del(.[$i])'

# A statsbomb document is one match without date and status, so its match can't move to the front: a result is annulled by removing
# its events, a match is abandoned when they end early, and replayed when others follow.
begin $documents/statsbomb-own-goal.json
own='(first(.[] | select(.type.name == "Own Goal Against")))'
step 'statsbomb: an own goal of another player' "($own | .player.name) = \"Another\""
step 'statsbomb: an own goal that is a goal' '(first(.[] | select(.type.name == "Own Goal For")) | .team) as $for
    | '"$own"' |= (.type.name = "Shot" | .team = $for | .player.name = "A Forward" | .shot = {outcome: {name: "Goal"}, type: {name: "Open Play"}})
    | del(.[] | select(.type.name == "Own Goal For"))'
step 'statsbomb: a goal that is an own goal' '(first(.[] | select(.shot.outcome.name == "Goal")) | .team) as $for
    | (first(.[] | select(.type.name == "Starting XI" and .team != $for)) | .team) as $against
    | (first(.[] | select(.shot.outcome.name == "Goal"))) |= (.type.name = "Own Goal Against" | .team = $against | .player.name = "A Defender" | del(.shot))
    | . + [first(.[] | select(.type.name == "Own Goal Against")) | .type.name = "Own Goal For" | .team = $for | del(.player)]'
whole=$(cat "$now")
step 'statsbomb: a result that was annulled' 'map(select(.type.name == "Starting XI" or (.type.name == "Half Start" and .period == 1)))'
step 'statsbomb: a result that counts again' "$whole"
step 'statsbomb: a match that was abandoned' '(first(.[] | select(.period == 2 and .type.name == "Half Start"))) as $half
    | map(select(.period == 1 or .index <= $half.index))'
step 'statsbomb: a match that was abandoned and is replayed' "$whole"' | map(if .shot.outcome.name == "Goal" then .shot.outcome.name = "Saved" else . end)
    | (first(.[] | select(.period == 2 and .type.name == "Shot")) | .shot.outcome.name) = "Goal"'

# Merged updates.  jq makes one array of the lines.
jq -n '[{match_id: "u1", home_team: "FC", away_team: "SC", score: {home: 0, away: 0}, time: "90", status: "Full Time", competition: "L", season: "1", events: []},
        {match_id: "u2", home_team: "Ajax", away_team: "PSV", score: {home: 1, away: 1}, time: "90", status: "Full Time", competition: "L", season: "1",
         events: [{type: "goal", team: "home", player: "X", time: "10"}, {type: "own-goal", team: "away", player: "Y", time: "60"},
                  {type: "yellow-card", team: "away", player: "Y", time: "70"}]}]' >"$scratch/updates.json"
options=(--merge)
begin "$scratch/updates.json"
before=$(sql 'SELECT count(*) FROM match_events')
step '--merge: a match that moved to the front' 'reverse'
is "$rows" "$before" '--merge: a match that moved to the front makes no row'
step '--merge: the minute of a goal' '(.[0].events[0].time) = "11"'
step '--merge: a goal of another player' '(.[0].events[0].player) = "Another"'
step '--merge: a goal of the other side' '.[0] |= (.events[0].team = "away" | .score = {home: 0, away: 2})'
step '--merge: an own goal that is a goal' '.[0].events[1] |= (.type = "goal" | .player = "Z")'
step '--merge: a goal that is an own goal' '.[0].events[0].type = "own-goal"'
step '--merge: a result that was annulled' '.[0] |= (.status = "Cancelled" | .score = {home: 0, away: 0} | .events = [])'
step '--merge: a match that was abandoned' '.[1] |= (.status = "Abandoned" | .time = "60" | .score.home = 1 | .events = [{type: "goal", team: "home", player: "V", time: "50"}])'
step '--merge: a match that was abandoned and is replayed' '.[1] |= (.status = "First Half" | .time = "5" | .score = {home: 0, away: 0} | .events = [])'
step '--merge: a match that was abandoned and is replayed to its end' '.[1] |= (.status = "Full Time" | .time = "90" | .score = {home: 0, away: 1} | .events = [{type: "goal", team: "away", player: "W", time: "80"}])'
step '--merge: a match that is replayed under another id' '. + [.[0] | .match_id = "u3" | .status = "Full Time" | .score = {home: 2, away: 0} | .events = [{type: "goal", team: "home", player: "X", time: "1"}, {type: "penalty", team: "home", player: "X", time: "2"}]]'
done_testing
