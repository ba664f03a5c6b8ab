#!/bin/bash
# football-data.org's documents as in its documentation: in play, shoot-outs, nulls, and a day without
# matches.
# tags: sanitized
LEAKS=0
. tests/lib/lib.sh
need sqlite3 jq

query() { sqlite3 "$db" "$1"; }
# match FIELDS SCORE - loads one; $said is feeder's output
match() {
    rm -f "$db"*
    said=$(feeder -q -d "$db" load - 2>&1 <<<"{\"matches\":[{\"id\":1,\"utcDate\":\"2026-11-27T15:00:00Z\",\"homeTeam\":{\"id\":1,\"name\":\"A\"},
        \"awayTeam\":{\"id\":2,\"name\":\"B\"},$1,\"score\":{$2}}]}")
}
state() { query "SELECT home_score || '-' || away_score || ifnull(' (' || (message ->> '\$.shootout.home') || '-' || (message ->> '\$.shootout.away') || ')', ''), clock, status FROM matches" 2>/dev/null; }
# shows FIELDS SCORE STATE NAME
is_shown() { match "$1" "$2"; is "$(state)" "$3" "$4" || diag "$said"; }
none='"halfTime":{"home":null,"away":null}'
full() { printf '"fullTime":{"home":%s,"away":%s}' "$1" "$2"; }
half() { printf '"halfTime":{"home":%s,"away":%s}' "$1" "$2"; }

# In play, without goals
rm -f "$db"*
feeder -q -d "$db" load - <<'JSON'
{"matches":[{"id":1,"utcDate":"2026-11-27T15:00:00Z","status":"IN_PLAY","minute":23,"homeTeam":{"id":1,"name":"A"},"awayTeam":{"id":2,"name":"B"},
"score":{"duration":"REGULAR","fullTime":{"home":1,"away":0},"halfTime":{"home":null,"away":null}}}]}
JSON
is "$(state)" '1-0|23|First Half' 'in play, fullTime is the score and minute the clock'
is_shown '"status":"IN_PLAY","minute":45,"injuryTime":2' "$(full 1 0),$none" '1-0|45+2|First Half' 'a match in stoppage time has its clock beyond the 45th minute'
is_shown '"status":"IN_PLAY","minute":"45+2","injuryTime":null' "$(full 1 0),$none" '1-0|45+2|First Half' 'stoppage time may be written as "45+2"'
is_shown '"status":"PAUSED","minute":45' "$(full 1 0),$(half 1 0)" '1-0|45|Half Time' 'a paused match is at half-time'
is_shown '"status":"PAUSED"' "$(full 1 0),$none" '1-0|45|Half Time' 'a paused match without a minute is at the 45th'
is_shown '"status":"IN_PLAY","minute":67' "$(full 1 2),$(half 1 0)" '1-2|67|Second Half' 'a match in its 67th minute is in the second half'
is_shown '"status":"IN_PLAY","minute":67' "$(full 1 2),$none" '1-2|67|Second Half' 'a match in the second half may have no score of the first'
is_shown '"status":"IN_PLAY","minute":null' "$(full 1 2),$(half 1 0)" '1-2||Second Half' 'the half-time score shows the second half where there is no minute'
is_shown '"status":"LIVE","minute":null' "$(full 0 0),$none" '0-0||First Half' 'a match without a minute and a half-time score is in its first half'
is_shown '"status":"IN_PLAY","minute":98,"injuryTime":0' "\"duration\":\"EXTRA_TIME\",$(full 2 1),$(half 1 0),\"regularTime\":{\"home\":1,\"away\":1}" \
    '2-1|98|Extra Time' 'a match of EXTRA_TIME in play is in extra time'
is_shown '"status":"IN_PLAY","minute":120' "\"duration\":\"PENALTY_SHOOTOUT\",$(full 4 3),$(half 1 0),\"regularTime\":{\"home\":1,\"away\":1},\"extraTime\":{\"home\":0,\"away\":0},\"penalties\":{\"home\":3,\"away\":2}" \
    '1-1 (3-2)|120|Penalty Shoot-out' 'a match of PENALTY_SHOOTOUT in play is in a shoot-out'
is_shown '"status":"PENALTY_SHOOTOUT","minute":120' "$(full 1 1),$(half 1 0),\"penalties\":{\"home\":null,\"away\":null}" \
    '1-1 (0-0)|120|Penalty Shoot-out' 'a shoot-out that begins is at 0-0'
is_shown '"status":"SUSPENDED","minute":30' "$(full 1 0),$none" '1-0|30|Suspended' 'a match that was suspended keeps its score and clock'
is_shown '"status":"IN_PLAY","minute":3' "$(full null null),$none" '0-0|3|In Play' 'a match in play without a score is shown with its minute'

# Goals, cards
goal() { printf '{"minute":%s,"team":{"id":%s},"scorer":{"name":"P%s"}}' "$1" "$2" "$1"; }
is_shown "\"status\":\"IN_PLAY\",\"minute\":23,\"goals\":[]" "$(full 1 0),$none" '1-0|23|First Half' 'a match with a score and an empty list of goals is shown'
is_shown "\"status\":\"IN_PLAY\",\"minute\":23,\"goals\":[$(goal 5 1)]" "$(full 1 1),$none" '1-1|23|First Half' 'a match with fewer goals than its score is shown'
is_shown "\"status\":\"IN_PLAY\",\"minute\":23,\"goals\":[$(goal 5 1),$(goal 22 1)]" "$(full 1 0),$none" '1-0|23|First Half' 'a match with more goals than its score is shown'
is "$(query "SELECT group_concat(type || ' ' || (data ->> '\$.time')) FROM (SELECT * FROM match_events WHERE type = 'goal' ORDER BY id)")" 'goal 5,goal 22' 'goals ahead of the score become events'
is_shown "\"status\":\"IN_PLAY\",\"minute\":22,\"goals\":[$(goal 22 1),$(goal 23 1)]" "$(full 2 0),$none" '2-0|22|First Half' 'a goal after the clock does not move it'
match "\"status\":\"FINISHED\",\"goals\":[$(goal 5 1)]" "$(full 2 0),$(half 1 0)"
like "$said" 'A - B on 2026-11-27: its goals make 1:0, its score says 2:0$' 'a finished match whose goals do not make its score is refused'

# Line-ups and statistics
rm -f "$db"*
said=$(feeder -q -d "$db" load - 2>&1 <<'JSON'
{"matches":[{"id":1,"utcDate":"2026-11-27T15:00:00Z","status":"FINISHED","score":{"fullTime":{"home":1,"away":0},"halfTime":{"home":1,"away":0}},
"homeTeam":{"id":1,"name":"A","formation":"4-3-3","coach":{"name":"C"},"lineup":[{"name":"One","position":"Goalkeeper","shirtNumber":1}],"bench":[],
"statistics":{"corner_kicks":5,"x":null}},"awayTeam":{"id":2,"name":"B","lineup":[{"name":"Two"}],"bench":[null],"statistics":{"corner_kicks":7,"x":1}}}]}
JSON
)
is "$(query "SELECT message -> '\$.lineups', message -> '\$.statistics' FROM matches")" \
    '{"home":{"formation":"4-3-3","coach":"C","starting":[{"number":1,"name":"One","position":"Goalkeeper"}],"bench":[]},"away":{"starting":[{"name":"Two"}],"bench":[]}}|{"corners":{"home":5,"away":7}}' \
    'the last update of a match has its line-ups and statistics' || diag "$said"

# The kicks of a shoot-out
regular='"regularTime":{"home":2,"away":2},"extraTime":{"home":0,"away":0}'
shootout='"duration":"PENALTY_SHOOTOUT"'
end='"status":"FINISHED"'
is_shown "$end" "$shootout,$(full 5 6),$(half 0 1),$regular,\"penalties\":{\"home\":3,\"away\":4}" '2-2 (3-4)|120|After Penalties' 'the kicks in fullTime are taken off the score'
is_shown "$end" "$shootout,$(full 5 6),$(half 0 1),$regular,\"penalties\":{\"home\":null,\"away\":null}" '2-2 (3-4)|120|After Penalties' 'kicks that are null are taken from fullTime and the score'
is_shown "$end" "$shootout,$(full 5 6),$(half 0 1),$regular" '2-2 (3-4)|120|After Penalties' 'missing kicks are the difference between the score and fullTime'
is_shown "$end" "$shootout,$(full 5 6),$(half 0 1),\"penalties\":{\"home\":3,\"away\":4}" '2-2 (3-4)|120|After Penalties' 'a missing regularTime is fullTime without the kicks'
is_shown "$end" "$shootout,$(full 4 6),$(half 0 1),\"regularTime\":{\"home\":1,\"away\":2},\"penalties\":{\"home\":3,\"away\":4}" '1-2 (3-4)|90|After Penalties' 'two legs may end in one without a draw'
is_shown "$end" "$shootout,$(full 2 2),$(half 0 1),$regular,\"penalties\":{\"home\":3,\"away\":4}" '2-2 (3-4)|120|After Penalties' 'a score that is level has no kicks in it'
# is_said SCORE WORDS NAME
is_said() { match "$end" "$1"; like "$said" "A - B on 2026-11-27: $2\$" "$3"; }
is_said "$shootout,$(full 5 6),$(half 0 1),$regular,\"penalties\":{\"home\":4,\"away\":4}" 'its fullTime says 5:6 with the kicks of a shoot-out, but not how many there were' 'a shoot-out without a winner is reported'
is_said "$shootout,$(full 5 6),$(half 0 1),$regular,\"penalties\":{\"home\":4,\"away\":5}" 'its fullTime without the kicks says 1:1, its regularTime and extraTime make 2:2' 'an impossible score is reported'
is_said "$shootout,$(full 1 2),$(half 0 1),\"penalties\":{\"home\":3,\"away\":4}" 'its fullTime says 1:2, and its kicks 3:4' 'a score that would be negative without the kicks is reported'
is_said "$shootout,$(full 5 6),$(half 0 1)" 'its fullTime says 5:6 with the kicks of a shoot-out, but not how many there were' 'a shoot-out without its kicks and its regularTime is reported'
is_said "\"duration\":\"EXTRA_TIME\",$(full 3 2),$(half 0 1),$regular" 'its fullTime says 3:2, its regularTime and extraTime make 2:2' 'extra time that does not make the score is reported'
is_shown "$end" "\"duration\":\"EXTRA_TIME\",$(full 3 2),$(half 0 1),\"regularTime\":{\"home\":2,\"away\":2},\"extraTime\":{\"home\":1,\"away\":0}" '3-2|120|After Extra Time' 'extra time that makes the score is taken'

# Not played
is_shown '"status":"AWARDED"' "$(full 3 0),$none" '3-0||Awarded' 'a match that was awarded has its result'
is "$(query "SELECT group_concat(type) FROM match_events")" 'awarded,message' 'a match that was awarded has no course'
for status in POSTPONED CANCELLED; do
    is_shown "\"status\":\"$status\"" "$(full null null),$none" "0-0||${status:0:1}$(tr '[:upper:]' '[:lower:]' <<<"${status:1}")" "a match that was $status has its status"
    is "$(query 'SELECT state FROM match_states')" off "a match that was $status is off"
done
is_shown '"status":"TIMED"' "$(full null null),$none" '0-0||Scheduled' 'a match that is TIMED is scheduled'

# A day without matches
for off in '{"matches":[]}' '{"filters":{},"resultSet":{"count":0},"matches": [ ]}'; do
    rm -f "$db"*
    is "$(feeder -q -d "$db" load - 2>&1 <<<"$off"; echo $?)" 0 "$off is a day off"
done
like "$(feeder -q -d "$db" load - 2>&1 <<<'{"matches":{}}'; echo $?)" '65$' 'matches that are an object are refused'
for off in '{"matches":[' '{"matches":[]'; do
    like "$(feeder -q -d "$db" load - 2>&1 <<<"$off"; echo $?)" '65$' "a document that is cut short is refused: $off"
done

# Competitions
match '"status":"TIMED","competition":{"name":"Premier League"},"season":{"startDate":"2026-08-15","endDate":"2027-05-23"},"stage":"REGULAR_SEASON","matchday":12,"venue":"The Ground"' "$(full null null)"
fields() { query 'SELECT competition, season, round, group_name, venue, starts_at FROM matches'; }
is "$(fields)" 'Premier League|2026/27|Matchday 12||The Ground|2026-11-27T15:00:00Z' 'a match has its competition, season, round and venue'
match '"status":"TIMED","competition":{"name":"World Cup"},"season":{"startDate":"2026-06-11","endDate":"2026-07-19"},"stage":"GROUP_STAGE","matchday":2,"group":"GROUP_C"' "$(full null null)"
is "$(fields)" 'World Cup|2026|Matchday 2|Group C||2026-11-27T15:00:00Z' 'a match of a group has the name of the group'
match '"status":"TIMED","competition":{"name":"World Cup"},"stage":"LAST_16","matchday":null,"group":null' "$(full null null)"
is "$(fields)" 'World Cup||Last 16|||2026-11-27T15:00:00Z' 'a match of a knock-out stage has the stage as its round'
done_testing
