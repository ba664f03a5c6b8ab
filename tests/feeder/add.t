#!/bin/bash
# feeder add: an event updates the state of its match, in the same transaction.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3

feeder -q -d "$db" init
add() { feeder -d "$db" add "$@" 2>&1; }
# state MATCH - from the projection
state() { sql "SELECT home_team, away_team, home_score, away_score, clock, status FROM matches WHERE match_id = '$1'"; }
# row ID [PATH] - its match, type and data, or one field of data
row() { sql "SELECT match_id, type, data ->> '${2:-\$}' FROM match_events WHERE id = $1"; }
rows() { sql 'SELECT count(*) FROM match_events'; }

# The beginning of a match
like "$(add m1 kickoff '{}'; echo $?)" '^feeder: MATCH: expected one whose teams and score are known .*home_team and away_team.*, found m1.65$' \
    'a kickoff of an unknown match is refused, and the message says how a match begins'
like "$(add m1 goal '{"team":"home"}')" '^feeder: MATCH: .*found m1$' 'a goal for an unknown match is refused'
is "$(rows)" 0 'nothing is inserted for an unknown match'
is "$(add m1 kickoff '{"home_team":"Ærø","away_team":"Žižkov"}')" 1 'a kickoff with its teams begins a match'
is "$(state m1)" 'Ærø|Žižkov|0|0|0:00|First Half' 'a match begins at 0-0'
is "$(sql 'SELECT group_concat(type) FROM match_events')" 'kickoff,message' 'a kickoff is a row for the event and one for the message'
is "$(row 1)" 'm1|kickoff|{"match_id":"m1","home_team":"Ærø","away_team":"Žižkov","score":{"home":0,"away":0}}' \
    'the row of an event names its match'

# Goals
is "$(add m1 goal '{"time":"23:15","team":"home","player":"Rashford"}')" 3 "add prints the id of the goal's row"
is "$(state m1)" 'Ærø|Žižkov|1|0|23:15|First Half' 'a goal moves the score and the clock'
is "$(row 3)" 'm1|goal|{"match_id":"m1","home_team":"Ærø","away_team":"Žižkov","score":{"home":1,"away":0},"time":"23:15","team":"home","player":"Rashford"}' \
    'the row of a goal has the new score'
is "$(row 4 '$.events')" 'm1|message|[{"type":"goal","time":"23:15","team":"home","player":"Rashford"}]' 'the message of a goal repeats it'
add m1 own-goal '{"team":"away","time":"30"}' >/dev/null
is "$(state m1)" 'Ærø|Žižkov|1|1|30|First Half' 'an own goal counts for its team, as in an update'
add m1 penalty '{"team":"away","time":"12:00"}' >/dev/null
is "$(state m1)" 'Ærø|Žižkov|1|2|30|First Half' 'a penalty that comes late counts, and leaves the clock'
add m1 missed-penalty '{"team":"away","time":"31:00"}' >/dev/null
is "$(state m1)" 'Ærø|Žižkov|1|2|31:00|First Half' 'a penalty that is missed does not count'
before=$(rows)
like "$(add m1 goal '{}'; echo $?)" '^feeder: JSON: team: expected "home" or "away".*found nothing.65$' 'a goal without a team is refused'
like "$(add m1 goal '{"team":"hom"}'; echo $?)" '^feeder: JSON: team: expected .*found "hom".65$' 'a goal for a third team is refused'
like "$(add m1 yellow-card '{"team":"hom"}'; echo $?)" 'events\[0\]\.team: expected "home" or "away", found "hom".65$' 'a card for a third team is refused'
like "$(add m1 var '{"score":3}'; echo $?)" 'expected an (object|integer).*65$' 'an invalid score is refused'
is "$(rows)" "$before" 'a refused event inserts nothing'
add m1 var '{"score":{"home":3,"away":2},"detail":"two more"}' >/dev/null
is "$(state m1)" 'Ærø|Žižkov|3|2|31:00|First Half' 'a score in the event is used as it is'

# Statuses
status() { add m1 "$@" >/dev/null; sql "SELECT clock, status FROM matches"; }
is "$(status halftime '{"time":"45+2"}')" '45+2|Half Time' 'a half-time moves the status'
is "$(status secondhalf '{"time":"45:00"}')" '45:00|Second Half' 'a second half moves the status, and the clock back'
is "$(status yellow-card '{"time":"45+2"}')" '45+2|Second Half' 'stoppage time is after the minute'
is "$(status yellow-card '{"time":"45:59"}')" '45+2|Second Half' 'any second of a minute is before its stoppage time'
is "$(status yellow-card '{"time":46}')" '46|Second Half' 'stoppage time is before the next minute, and a number is a time'
is "$(status fulltime '{"time":"90+4"}')" '90+4|Full Time' 'fulltime makes the status Full Time'
is "$(status extra-time '{"time":"90:00"}')" '90:00|Extra Time' 'extra-time makes the status Extra Time'
is "$(status fulltime '{"time":"120"}')" '120|After Extra Time' 'fulltime after extra time makes the status After Extra Time'
is "$(status shootout '{}')" '120|Penalty Shootout' 'shootout makes the status Penalty Shootout, and leaves the clock'
is "$(sql "SELECT message ->> '\$.shootout' FROM matches")" '{"home":0,"away":0}' 'a shoot-out begins at 0-0'
add m1 shootout-goal '{"team":"away"}' >/dev/null
add m1 shootout-miss '{"team":"home"}' >/dev/null
add m1 shootout-goal '{"team":"away"}' >/dev/null
is "$(sql "SELECT message ->> '\$.shootout', home_score, away_score FROM matches")" '{"home":0,"away":2}|3|2' 'a shoot-out counts apart from the score'
is "$(status fulltime '{}')" '120|After Penalties' 'fulltime after a shoot-out makes the status After Penalties'
is "$(status suspended '{"status":"Interrupted"}')" '120|Interrupted' 'an event may bring the status in its own words'
is "$(sql "SELECT count(*) FROM match_events WHERE type <> 'message'")" "$(sql "SELECT count(*) FROM match_events WHERE type = 'message'")" \
    'each event is one row and one message'

# Other fields of the state, and rows without a state
sql "INSERT INTO match_events(match_id, data) VALUES ('m2', '{\"match_id\":\"m2\",\"home_team\":\"A\",\"away_team\":\"B\",\"score\":{\"home\":0,\"away\":0,\"aggregate\":\"3-1\"},\"time\":\"5:00\",\"status\":\"First Half\",\"venue\":\"Ålesund\",\"events\":[{\"type\":\"old\"}]}')"
add m2 goal '{"team":"home","n":null,"type":"x","match_id":"y","home_team":"z"}' >/dev/null
is "$(sql "SELECT message FROM matches WHERE match_id = 'm2'")" \
    '{"match_id":"m2","home_team":"A","away_team":"B","score":{"home":1,"away":0,"aggregate":"3-1"},"time":"5:00","status":"First Half","venue":"Ålesund","events":[{"type":"goal","team":"home","n":null}]}' \
    'other fields of the state stay, and those of the event, but for what says which it is'
before=$(rows)
add m3 message '{"match_id" : "m3"}' >/dev/null
add m3 var '{"n" : 1}' >/dev/null
is "$(rows) $(sql "SELECT group_concat(data, ' ') FROM match_events WHERE match_id = 'm3'")" "$((before + 2)) {\"match_id\":\"m3\"} {\"n\":1}" \
    'a message goes in as it is, and so does an event where teams and score are not known'
like "$(add m3 goal '{"team":"home"}'; echo $?)" '^feeder: MATCH.*65$' 'a goal is refused if the score is unknown'
add m3 goal '{"team":"home","home_team":"A","away_team":"B"}' >/dev/null
is "$(state m3)" 'A|B|1|0|0:00|In Play' 'a goal that names the teams begins a match'

add m4 kickoff '{"home_team":"A","away_team":"B","competition":"Cup","time":"0:01"}' >/dev/null
add m4 goal '{"team":"home","competition":"no"}' >/dev/null
is "$(sql "SELECT json_remove(message, '\$.events') FROM matches WHERE match_id = 'm4'")" \
    '{"match_id":"m4","home_team":"A","away_team":"B","score":{"home":1,"away":0},"time":"0:01","status":"First Half","competition":"Cup"}' \
    'fields of a kickoff that begins a match stay with the match, those of a goal do not'

# Without a database
new=$scratch/new.db
# shellcheck disable=SC2089 # JSON, not shell quotes
for refused in 'm1 goal {}' 'm1 goal {"team":"home"}' 'm1 Goal {}' 'm,1 kickoff {}' 'm1 kickoff {' 'm1 var {"voids":7}'; do
    # shellcheck disable=SC2086,SC2090 # words
    like "$(feeder -d "$new" add $refused 2>&1; echo $?; ls "$scratch"/new.db* 2>&1)" '^feeder: (match_id must|type must|MATCH|JSON).*.65.ls: ' "a refused event creates no database: $refused"
done
touch "$new"
like "$(feeder -d "$new" add m1 goal '{}' 2>&1; echo $?; stat -c %s "$new")" '65.0$' 'a refused event leaves an empty file empty'
like "$(feeder -d "$new" add m1 kickoff '{"home_team":"A","away_team":"B"}' 2>&1)" "^feeder: $new: created.1\$" 'an accepted event turns an empty file into a database'

# Concurrent writers
for i in {1..8}; do
    { for _ in {1..10}; do feeder -q -d "$db" add m2 goal '{"team":"away"}'; done; } 2>>"$scratch/said" &
    adders[i]=$!
done
wait "${adders[@]}"
is "$(cat "$scratch/said") $(sql "SELECT home_score, away_score FROM matches WHERE match_id = 'm2'")" ' 1|80' \
    '80 goals that eight put in side by side are 80 goals'
is "$(sql "SELECT group_concat(goals, ' ') FROM (SELECT data ->> '\$.score.away' AS goals FROM match_events WHERE match_id = 'm2' AND type = 'goal' AND goals > 0 ORDER BY id)")" \
    "$(echo {1..80})" 'each of 80 goals has the score after it'
done_testing
