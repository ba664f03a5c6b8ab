#!/bin/bash
# The demo's matches in tests/data/matches.json could have been played.  Each check lists the
# violations of a rule: there are none.
# tags: once
. tests/lib/lib.sh
need jq
file=tests/data/matches.json

# none NAME FILTER - the filter finds nothing in the list of updates
none() { is "$(jq -c "$rules $2" "$file")" '' "$1"; }

# shellcheck disable=SC2016 # these are jq's variables
rules='
    # Each match'\''s updates in order, and pairs of consecutive ones.
    def matches: group_by(.match_id) | .[];
    def pairs: matches | range(1; length) as $n | [.[$n - 1], .[$n]];
    # "45+2" and "46:10" as sortable numbers: minute, stoppage, second.
    def clock: if contains("+") then split("+") | [(.[0] | tonumber), (.[1] | tonumber), 0]
               else split(":") | [(.[0] | tonumber), 0, (.[1] | tonumber)] end;
    def goals($team): [.events[] | select(.team == $team and (.type | IN("goal", "own-goal", "penalty")))] | length;
    def denied($team): [.events[] | select(.team == $team and .type == "var" and ((.detail // "") | endswith("no goal")))] | length;
    def kicks($team): [.events[] | select(.team == $team and .type == "shootout-goal")] | length;
    def where: "\(.match_id) \(.time) \(.status)";
'

is "$(jq -r type "$file")" array "the demo's matches are a JSON array"
is "$(jq length "$file")" "$(($(wc -l <"$file") - 2))" 'the JSON array has one update a line'
is "$(jq '[.[].match_id] | unique | length' "$file")" 7 'the updates are of seven matches'

none 'an update is the full state of a match' '.[] | select((.match_id | test("^[!-+\\--~]{1,64}$")) and
    ([.home_team, .away_team, .time, .status] | all(type == "string" and . != "")) and
    ([.score.home, .score.away] | all(type == "number" and . >= 0 and . == floor)) and (.events | type == "array") | not)'
none 'an event has a time, a type, a team and a player' '.[] | where as $where | .events[] |
    select((.time | type == "string") and (.type | test("^[a-z][a-z0-9_-]{0,31}$")) and
           (.team | IN("home", "away")) and (.player | type == "string" and . != "") | not) | [$where, .]'
none 'an event has the time of its update' '.[] | select(.time as $time | any(.events[]; .time != $time)) | where'
none 'a goal moves its team'\''s score by one, a goal denied moves it back, and nothing else moves it' 'pairs |
    select(any(("home", "away") as $team |
               .[1].score[$team] - .[0].score[$team] != (.[1] | goals($team) - denied($team)); .)) | .[1] | where'
none 'a kick that scores moves the shoot-out' 'pairs | select(.[0].shootout and any(("home", "away") as $team |
    .[1].shootout[$team] - .[0].shootout[$team] != (.[1] | kicks($team)); .)) | .[1] | where'
none 'a clock does not run backwards' 'pairs | select(.[0].status == .[1].status and (.[0].time | clock) > (.[1].time | clock)) | .[1] | where'
none 'no period begins before the minute in which the last one ended' 'pairs |
    select(.[0].status != .[1].status and (.[0].time | clock[0]) > (.[1].time | clock[0])) | .[1] | where'
none 'a match goes through its periods in order' '
    ["Scheduled", "First Half", "Half Time", "Second Half", "Extra Time", "Penalty Shoot-out"] as $order | pairs |
    map(.status) as [$a, $b] |
    select($a != $b and ([$a, $b] | IN(["Scheduled", "Postponed"], ["Second Half", "Full Time"],
                                      ["Second Half", "Abandoned"], ["Penalty Shoot-out", "After Penalties"]) | not) and
           ($order | index($a)) + 1 != ($order | index($b))) | [$a, $b]'
none 'a match begins scheduled, without a goal' 'matches | .[0] | select(.status != "Scheduled" or .score != {home: 0, away: 0}) | where'
none 'every match has ended' 'matches | .[-1] | select(.status | IN("Full Time", "After Penalties", "Postponed", "Abandoned") | not) | where'
none 'no team is in two matches' '[matches | .[0] | .home_team, .away_team] | group_by(.)[] | select(length > 1)'

is "$(jq -c '[.[] | select(.match_id == "2022121801")] | .[-1] | [.home_team, .score.home, .score.away, .away_team, .shootout.home, .shootout.away]' "$file")" \
    '["Argentina",3,3,"France",4,2]' 'the final of 2022 ends as it did'
for type in goal own-goal penalty missed-penalty yellow-card second-yellow red-card substitution var shootout-goal shootout-miss; do
    jq -e --arg type "$type" 'any(.[].events[]; .type == $type)' "$file" >/dev/null
    ok $? "there is an event of type $type"
done
jq -e 'any(.[].time; test("^45\\+"))' "$file" >/dev/null
ok $? 'some updates are of stoppage time'
jq -e '[.[].match_id] as $ids | [range(1; $ids | length) | select($ids[.] != $ids[. - 1])] | length > 100' "$file" >/dev/null
ok $? 'the matches are played side by side'
done_testing
