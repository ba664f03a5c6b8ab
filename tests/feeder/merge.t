#!/bin/bash
# feeder load of a document that is loaded again whenever it has changed: the log agrees with its
# last version, and a version without news adds no row.
# tags: once slow
LEAKS=0
. tests/lib/lib.sh
need sqlite3 jq node

query() { sqlite3 "$1" "$2"; }
fresh() { rm -f "$db"*; }
# What a reader of the database sees, without times.
state="SELECT match_id, home_team, home_score, away_score, away_team, clock, status, json_remove(message, '\$.events') FROM matches ORDER BY 1;
       SELECT match_id, type, time, team, player, detail FROM timeline
       WHERE type NOT IN ('kickoff', 'halftime', 'secondhalf', 'extra-time', 'shootout', 'fulltime',
                          'postponed', 'abandoned', 'cancelled', 'awarded', 'suspended')
       ORDER BY match_id, type, time, team, player;
       SELECT player, team, goals, penalties FROM scorers ORDER BY 1, 2; SELECT * FROM cards ORDER BY 1, 2; SELECT * FROM league;"
# as_alone DOCUMENT [OPTION...] - whether the database equals a new one with only that document
as_alone() {
    rm -f "$scratch/alone.db"*
    "$released/feeder" -q -d "$scratch/alone.db" load "${@:2}" "$1" || return 1
    diff <(query "$scratch/alone.db" "$state") <(query "$db" "$state") >"$scratch/diff" || { diag "$(head -20 "$scratch/diff")"; return 1; }
}
rows() { query "$db" 'SELECT count(*) FROM match_events'; }
# said DOCUMENT [OPTION...] - loads it; prints feeder's output, without its name
said() { feeder -d "$db" load "${@:2}" "$1" 2>&1 | sed 's/^feeder: [^:]*: //'; }
# events MATCH - its rows except messages: type, minute, side, player, and the row taken back
events() {
    query "$db" "SELECT type || ' ' || (data ->> '\$.time') || ifnull(' ' || (data ->> '\$.team'), '') || ifnull(' ' || (data ->> '\$.player'), '')
                        || iif(data ->> '\$.voids' IS NULL, '', ' voids')
                 FROM match_events WHERE match_id = '$1' AND type <> 'message' AND id > ${2:-0} ORDER BY id"
}

# A tournament over time.
versions=(tests/fixtures/feeder/openfootball-2026/*.json)
right=() again=()
for version in "${versions[@]}"; do
    feeder -q -d "$db" load "$version"
    as_alone "$version" || right+=("$version")
    before=$(rows)
    feeder -q -d "$db" load "$version"
    [ "$(rows)" = "$before" ] || again+=("$version")
done
is "${#versions[@]} ${right[*]}" '6 ' 'after each version of a document the database equals one loaded from that version alone'
is "${again[*]}" '' 'a version that is loaded twice leaves no second row'
jq . "${versions[5]}" >"$scratch/same.json"
before=$(rows)
is "$(said "$scratch/same.json") $(rows)" "15 matches: 0 new, 0 changed, 15 as before; 0 rows $before" 'a document that is only formatted differently leaves no row'
for ((i = 5; i >= 0; i--)); do feeder -q -d "$db" load "${versions[i]}"; done
as_alone "${versions[0]}"; ok $? 'versions that come in the wrong order leave what the last one says'

# Feeder's report.
fresh
is "$(said "${versions[0]}" | tail -1)" '15 matches: 15 new, 0 changed, 0 as before; 30 rows' 'a load reports its rows in one line'
head=$(query "$db" 'SELECT max(id) FROM match_events')
sum=$(sha256sum <"$db")
is "$(said "${versions[1]}" --dry-run) $(rows) $(sha256sum <"$db")" "15 matches: 0 new, 2 changed, 13 as before; 16 rows $head $sum" '--dry-run reports the same, and writes nothing'
is "$(feeder -d "$scratch/none.db" load -n "${versions[0]}" 2>&1 | sed 's/.*json: //'; ls "$scratch/none.db" 2>/dev/null)" \
    '15 matches: 15 new, 0 changed, 0 as before; 30 rows' '--dry-run makes no database'
like "$(feeder -d "$db" load -n tests/data/matches.json 2>&1; echo $?)" '^feeder: --dry-run: .*--merge.*64$' '--dry-run is for documents'
is "$(said "${versions[1]}")" '15 matches: 0 new, 2 changed, 13 as before; 16 rows' 'a later version reports how many matches it changed'

# Changes of an event.
base=''
match='{"date":"2026-06-14","time":"18:00 UTC+2","team1":"Ajax","team2":"PSV","score":{"ht":[1,0],"ft":[2,1]},
        "goals1":[{"name":"Klaassen","minute":"10"},{"name":"Klaassen","minute":"80"}],"goals2":[{"name":"Til","minute":"60"}]}'
document() { jq -c --argjson match "$match" --argjson other '{"date":"2026-06-14","time":"16:00 UTC+2","team1":"FC","team2":"SC","score":{"ft":[0,0]}}' -n \
    "{name: \"Cup\", matches: [\$other, (\$match | $1)]}" >"$scratch/cup.json"; }
change() { # change FILTER NAME EVENTS - a change of the match adds these rows, and makes the database right
    fresh
    if [ "$match" != "$base" ]; then
        base=$match
        document .
        rm -f "$scratch/base.db"*
        feeder -q -d "$scratch/base.db" load "$scratch/cup.json"
        id=$(query "$scratch/base.db" "SELECT match_id FROM matches WHERE home_team = 'Ajax'")
        before=$(query "$scratch/base.db" 'SELECT max(id) FROM match_events')
    fi
    cp "$scratch/base.db" "$db"
    document "$1"
    feeder -q -d "$db" load "$scratch/cup.json"
    is "$(events "$id" "$before")" "$3" "$2" && as_alone "$scratch/cup.json"
    ok $? "$2: the database says what the document says"
}
change '.goals1[0].minute = "11"' 'a minute that was corrected is one correction' 'goal 11 home Klaassen voids'
change '.goals1[0].name = "Berghuis"' 'a goal that was given to another player is one' 'goal 10 home Berghuis voids'
change '.goals1[1].penalty = true' 'a goal that was a penalty is one' 'penalty 80 home Klaassen voids'
change '.goals2[0] += {name: "Rensch", owngoal: true}' 'a goal that was an own goal is one' 'own-goal 60 away Rensch voids'
plain=$match
match=$(jq -c '.goals2[0] += {name: "Rensch", owngoal: true}' <<<"$plain")
change '.goals2[0] |= (.name = "Til" | del(.owngoal))' 'an own goal that was a goal is one' 'goal 60 away Til voids'
match=$plain
change '.goals1 = [.goals1[1]] | .score = {ht: [0, 0], ft: [1, 1]}' 'a goal that is not told any more is taken back' 'void 10 home Klaassen voids'
change '.goals1 += [{name: "Klaassen", minute: "80"}] | .score.ft = [3, 1]' 'a second goal of a player in a minute is one more' 'goal 80 home Klaassen'
change '.goals1 += [{name: "Brobbey", minute: "20"}] | .score = {ht: [2, 0], ft: [3, 1]}' 'a goal that was forgotten is one' 'goal 20 home Brobbey'
change '.goals1[0].minute = "12" | .goals1 += [{name: "Brobbey", minute: "90+2"}] | .score.ft = [3, 1]' \
    'a correction and a goal are told as what they are' $'goal 12 home Klaassen voids\ngoal 90+2 home Brobbey'
change 'del(.score, .goals1, .goals2)' 'a result that was annulled is taken back with all that happened' \
    'void 0 voids
void 10 home Klaassen voids
void 45 voids
void 45 voids
void 60 away Til voids
void 80 home Klaassen voids
void 90 voids'
change '.goals1[1] |= (.minute = "79") | .goals2[0] |= (.minute = "61")' 'two corrections are two rows' \
    $'goal 61 away Til voids\ngoal 79 home Klaassen voids'

fresh
document .; feeder -q -d "$db" load "$scratch/cup.json"
jq -c '.matches |= reverse' "$scratch/cup.json" >"$scratch/moved.json"
is "$(said "$scratch/moved.json")" '2 matches: 0 new, 0 changed, 2 as before; 0 rows' 'a match that moved to the front is the same'
document 'del(.score, .goals1, .goals2) | .status = "abandoned"'; feeder -q -d "$db" load "$scratch/cup.json"
as_alone "$scratch/cup.json"; ok $? 'a match that was abandoned has lost its goals'
document 'del(.score, .goals1, .goals2) | .date = "2026-06-20"'; feeder -q -d "$db" load "$scratch/cup.json"
document '.date = "2026-06-20" | .goals1[0].minute = "15"'; feeder -q -d "$db" load "$scratch/cup.json"
as_alone "$scratch/cup.json"; ok $? 'a match that was abandoned and is replayed counts once, as it was played again'

# The same in the other formats.  each FORMAT FILTER NAME EVENTS - a change of a document adds these rows to the
# match $id
each() {
    fresh
    if [ ! -e "$scratch/$1.db" ]; then
        cp "$scratch/$1.json" "$scratch/doc.json"
        feeder -q -d "$scratch/$1.db" load "${options[@]}" "$scratch/doc.json"
        before=$(query "$scratch/$1.db" 'SELECT max(id) FROM match_events')
    fi
    cp "$scratch/$1.db" "$db"
    jq -c "$2" "$scratch/$1.json" >"$scratch/doc.json"
    feeder -q -d "$db" load "${options[@]}" "$scratch/doc.json"
    is "$(events "$id" "$before")" "$4" "$1: $3" && as_alone "$scratch/doc.json" "${options[@]}"
    ok $? "$1: $3: the database says what the document says"
}
options=() id=football-data-7
jq -nc '
    def who($n): {name: $n};
    {id: 1, utcDate: "2026-06-14T14:00:00Z", status: "FINISHED", homeTeam: {id: 1, name: "FC"}, awayTeam: {id: 2, name: "SC"},
     score: {duration: "REGULAR", fullTime: {home: 0, away: 0}, halfTime: {home: 0, away: 0}}} as $other
    | {id: 7, utcDate: "2026-06-14T16:00:00Z", status: "FINISHED", homeTeam: {id: 3, name: "Ajax"}, awayTeam: {id: 4, name: "PSV"},
       score: {duration: "REGULAR", fullTime: {home: 1, away: 1}, halfTime: {home: 1, away: 0}},
       goals: [{minute: 10, type: "REGULAR", team: {id: 3}, scorer: who("Klaassen")},
               {minute: 60, type: "OWN", team: {id: 4}, scorer: who("Rensch")}],
       bookings: [{minute: 20, team: {id: 4}, player: who("Til"), card: "YELLOW"}],
       substitutions: [{minute: 70, team: {id: 3}, playerOut: who("Klaassen"), playerIn: who("Weghorst")}]}
    | {matches: [$other, .]}' >"$scratch/football-data.json"
each football-data '.matches |= reverse' 'a match that moved to the front is the same' ''
each football-data '.matches[1].goals[0].minute = 11' 'a minute that was corrected is one correction' 'goal 11 home Klaassen voids'
each football-data '.matches[1].goals[0].scorer.name = "Berghuis"' 'a goal that was given to another player is one' 'goal 10 home Berghuis voids'
each football-data '.matches[1].goals[1] |= (.type = "REGULAR" | .scorer.name = "Til")' 'an own goal that became a goal is one' 'goal 60 away Til voids'
each football-data '.matches[1].bookings[0].card = "RED"' 'a card of another colour is one' 'red-card 20 away Til voids'
each football-data '.matches[1].substitutions[0].playerOut.name = "Taylor"' 'a substitution of another player is one' 'substitution 70 home Weghorst voids'
each football-data '.matches[1] |= (.status = "CANCELLED" | .score.fullTime = {} | .score.halfTime = {} | .goals = [] | .bookings = [] | .substitutions = [])' \
    'a result that was annulled is taken back' 'void 0 voids
void 10 home Klaassen voids
void 20 away Til voids
void 45 voids
void 45 voids
void 60 away Rensch voids
void 70 home Weghorst voids
void 90 voids
cancelled '
fresh
for step in '.matches[1] |= (.status = "IN_PLAY" | .minute = 62)' '.matches[1] |= (.status = "SUSPENDED" | .minute = 62)' \
    '.matches[1] |= (.status = "SCHEDULED" | .utcDate = "2026-06-20T16:00:00Z" | .score.fullTime = {} | .score.halfTime = {} | .goals = [] | .bookings = [] | .substitutions = [])' .; do
    jq -c "$step" "$scratch/football-data.json" >"$scratch/doc.json"
    feeder -q -d "$db" load "$scratch/doc.json"
done
as_alone "$scratch/doc.json"; ok $? 'football-data: a match that was suspended and played again counts once'
is "$(query "$db" "SELECT count(*), sum(played) FROM league")" '4|4' 'football-data: a match is in the table once'

id=statsbomb-doc
cp tests/fixtures/feeder/formats/statsbomb-own-goal.json "$scratch/statsbomb.json"
first=$(jq '[.[] | .shot.outcome.name == "Goal"] | index(true)' "$scratch/statsbomb.json")
each statsbomb ".[$first].player.name = \"Berghuis\"" 'a goal that was given to another player is one correction' \
    "$(jq -r ".[$first] | \"goal \(.minute):\(if .second < 10 then \"0\" else \"\" end)\(.second)\"" "$scratch/statsbomb.json") home Berghuis voids"
first=$(jq '[.[] | .type.name == "Own Goal Against"] | index(true)' "$scratch/statsbomb.json")
at=$(jq -r ".[$first] | \"\(.minute):\(100 + .second | tostring[1:])\"" "$scratch/statsbomb.json")
each statsbomb "(first(.[] | select(.type.name == \"Own Goal For\")) | .team) as \$for | .[$first] |= (.type.name = \"Shot\" | .team = \$for
    | .player.name = \"Til\" | .shot = {outcome: {name: \"Goal\"}}) | map(select(.type.name != \"Own Goal For\"))" \
    'an own goal that became a goal is one' "goal $at away Til voids"

id=m7 options=(--merge)
jq -nc '{match_id: "m7", home_team: "A", away_team: "B", score: {home: 1, away: 1}, time: "90", status: "Full Time",
         events: [{type: "goal", team: "home", player: "X", time: "10"}, {type: "own-goal", team: "away", player: "Y", time: "60"}]}' >"$scratch/updates.json"
each updates '.events[0].time = "11"' 'a minute that was corrected is one correction' 'goal 11 home X voids'
each updates '.events[0].player = "Z"' 'a goal that was given to another player is one' 'goal 10 home Z voids'
each updates '(.match_id = "m8" | .home_team = "C"), .' 'a match that stands behind a new one is the same' ''
each updates '.events[1] |= (.type = "goal" | .player = "Z")' 'an own goal that became a goal is one' 'goal 60 away Z voids'
each updates '.status = "Cancelled" | .events = [] | .score = {home: 0, away: 0}' 'a result that was annulled is taken back' \
    $'void 10 home X voids\nvoid 60 away Y voids\nvoid 90 voids\ncancelled 90'

# Listed, taken back, listed again.
fresh
document .; feeder -q -d "$db" load "$scratch/cup.json"
for _ in 1 2 3; do
    document '.goals1 = [.goals1[0]] | .score.ft = [1, 1]'; feeder -q -d "$db" load "$scratch/cup.json"
    document .; feeder -q -d "$db" load "$scratch/cup.json"
done
is "$(query "$db" "SELECT count(*), sum(data ->> '\$.voids' IS NULL) FROM match_events WHERE type = 'goal' AND data ->> '\$.time' = '80'")" '4|1' \
    'a goal that comes and goes is news once, and a correction each further time'
as_alone "$scratch/cup.json"; ok $? 'a goal that comes and goes counts once'

# Rows added by hand, and pruned rows.
fresh
document .; feeder -q -d "$db" load "$scratch/cup.json"
id=$(query "$db" "SELECT match_id FROM matches WHERE home_team = 'Ajax'")
feeder -q -d "$db" add "$id" yellow-card '{"time":"30","team":"home","player":"Taylor"}'
document '.goals1[0].minute = "11"'; feeder -q -d "$db" load "$scratch/cup.json"
is "$(query "$db" "SELECT count(*) FROM cards")" 1 'a card that was added by hand stays'
goal=$(query "$db" "SELECT id FROM timeline WHERE time = '60'")
feeder -q -d "$db" void "$goal"
document '.goals1[0].minute = "12"'; feeder -q -d "$db" load "$scratch/cup.json"
is "$(query "$db" "SELECT count(*) FROM timeline WHERE time = '60'")" 0 'a goal that was taken back by hand does not come back while its document says the same'
feeder -q -d "$db" prune --older-than 0
before=$(rows)
document '.goals2[0].minute = "63"'; feeder -q -d "$db" load "$scratch/cup.json"
is "$(query "$db" "SELECT group_concat(type) FROM match_events WHERE id > (SELECT value FROM meta WHERE key = 'pruned')")" 'goal,goal,message' \
    'pruned events are not inserted again with new ones'
fresh
feeder -q -d "$db" load --every 0 "${versions[1]}"
feeder -q -d "$db" load --every 0 "${versions[1]}"
feeder -q -d "$db" load "${versions[2]}"
as_alone "${versions[2]}"; ok $? 'the next document corrects a log that has every goal twice'
query "$db" "DELETE FROM matches WHERE home_team = 'Mexico'"
like "$(said "${versions[2]}")" ': 1 new, 0 changed, 14 as before' 'a match that was forgotten comes back with the same document'

# Only changed parts of a document are read; the others are known by their text.
league() { jq -n --argjson a "$1" --argjson b "${2:-1}" '{name: "L 2026", matches: [
    {round: "Matchday 1", date: "2026-05-01", team1: "A", team2: "B", score: {ft: [$a, 0]}},
    {round: "Matchday 2", date: "2026-05-08", team1: "B", team2: "A", score: {ft: [0, 0]}},
    {round: "Matchday 9", date: "2026-06-08", team1: "A", team2: "B", score: {ft: [2, $b]}}]}' >"$scratch/league.json"; }
fields() { grep -v '^ *--' "sql/import/$1.sql" | grep -oE "(^|[( ])(m|value)(,| ->>?) '\\$\.[A-Za-z0-9_]+" | grep -oE "'\\$.*" | sort -u; }
for format in openfootball football-data; do
    left_out=()
    [ "$(fields $format | wc -l)" -gt 15 ] || left_out=(any)
    while IFS= read -r field; do grep -qF "$field'" sql/feeder/parts.sql || left_out+=("$field"); done < <(fields $format)
    is "${left_out[*]}" '' "a match of $format is recognised by what the format reads"
done
fresh
league 1; feeder -q -d "$db" load "$scratch/league.json"
query "$db" "UPDATE sources SET events = '[]' WHERE match_id = 'l-2026.b.a'"
league 1 4
is "$(said "$scratch/league.json")" '3 matches: 0 new, 1 changed, 2 as before; 1 row' 'a match whose text is the same is not compared, while another has news'
jq '.matches |= [.[0] | .score.ft = [3, 0]]' "$scratch/league.json" >"$scratch/other.json"
feeder -q -d "$db" load "$scratch/other.json"
jq '.generated = "now" | .matches[].attendance = 1' "$scratch/league.json" >"$scratch/extra.json"
is "$(said "$scratch/extra.json")" '3 matches: 0 new, 1 changed, 2 as before; 1 row' 'a match that another document has changed is changed back by the first'
as_alone "$scratch/league.json"; ok $? 'the last document counts, whatever earlier ones said'
jq '.matches |= (.[0].round = "Matchday 10" | .[2:] + .[:2])' "$scratch/league.json" >"$scratch/swapped.json"
feeder -q -d "$db" load "$scratch/swapped.json"
as_alone "$scratch/swapped.json"; ok $? 'two meetings of the same teams are distinguished, though only one of them changed'
jq '.matches |= [.[1], .[1] + {team1: "b"}]' "$scratch/league.json" >"$scratch/spelt.json"
feeder -q -d "$db" load "$scratch/spelt.json"
before=$(rows)
jq '.matches[0].minute = 1' "$scratch/spelt.json" >"$scratch/again.json"
feeder -q -d "$db" load "$scratch/again.json"
is "$(rows)" "$before" 'a match whose teams are spelt in two ways is not read from its changed half alone'
jq '.matches[0].num = 1 | .matches[1].num = 1' "$scratch/league.json" >"$scratch/num.json"
feeder -q -d "$db" load "$scratch/num.json"
jq '.matches[1].num = 2' "$scratch/num.json" >"$scratch/renumbered.json"
feeder -q -d "$db" load "$scratch/renumbered.json"
is "$(query "$db" "SELECT group_concat(match_id, ' ') FROM (SELECT match_id FROM matches WHERE match_id GLOB '*.[0-9]' ORDER BY 1)")" 'l-2026.1 l-2026.2 l-2026.a.b.2' \
    'a number that two matches had becomes an id when only one has it'

# Updates as a document.
update() { printf '{"match_id":"%s","home_team":"A","away_team":"B","score":{"home":%s,"away":%s},"time":"%s","status":"%s","events":[%s]}\n' "$@"; }
goal() { printf '{"type":"goal","team":"%s","time":"%s","player":"%s"}' "$@"; }
merge() { feeder -d "$db" load --merge - 2>&1 | sed 's/^feeder: standard input: //'; }
fresh
update m1 1 0 37:30 'First Half' "$(goal home 12:10 X)" >"$scratch/now"
is "$(merge <"$scratch/now" | tail -1)" '1 match: 1 new, 0 changed, 0 as before; 2 rows' '--merge takes updates for what their source knows now'
is "$(events m1)" 'goal 12:10 home X' 'a match that is first reported at 37:30 gets no kickoff'
is "$(merge <"$scratch/now")" '1 match: 0 new, 0 changed, 1 as before; 0 rows' 'the same updates leave no row'
{ update m1 1 0 45+1 'Half Time' "$(goal home 12:10 X)"; } | merge >/dev/null
{ update m1 1 0 45+1 'HT' "$(goal home 12:10 X)"; update m1 1 0 45:00 'First Half'; update m1 1 0 45+2 'Half Time'; } | merge >/dev/null
{ update m1 1 1 50:00 'Second Half' "$(goal home 12:10 X),$(goal away 49:59 Y)"; } | merge >/dev/null
is "$(events m1)" 'goal 12:10 home X
halftime 45+1
goal 49:59 away Y
secondhalf 50:00' 'a status brings its event once'
{ update m1 1 1 90+4 'Full Time' "$(goal home 12:10 X),$(goal away 49:59 Y)"; } | merge >/dev/null
{ update m1 1 1 90+5 '2nd half' "$(goal home 12:10 X),$(goal away 49:59 Y)"; } | merge >/dev/null
is "$(events m1 | tail -2)" $'fulltime 90+4\nvoid 90+4 voids' 'a premature fulltime is taken back'
{ update m1 1 1 60:00 'Abandoned' "$(goal home 12:10 X),$(goal away 49:59 Y)"; } | merge >/dev/null
{ update m1 0 0 0:00 'Scheduled'; } | merge >/dev/null
{ update m1 0 0 0:30 'First Half'; } | merge >/dev/null
is "$(events m1 | tail -4) $(query "$db" 'SELECT count(*) FROM scorers')" 'abandoned 60:00
void 12:10 home X voids
void 49:59 away Y voids
kickoff 0:30 0' 'a match that was abandoned and is played again kicks off again, without its goals'
for options in '--every 0' '--speed 9' --follow '--from 2022-01-01'; do
    # shellcheck disable=SC2086 # options are words
    like "$(feeder -d "$db" load --merge $options "$scratch/now" 2>&1; echo $?)" '^feeder: --merge: .*64$' "--merge is refused with $options"
done

# Scores that fall by themselves, played.
fresh
{ update f 1 0 50 'Second Half' "$(goal home 50 H)"; update f 2 0 55 'Second Half' "$(goal home 55 I)"; update f 2 1 60 'Second Half' "$(goal away 60 X)"
  update f 2 0 61 'Second Half'; update f 2 1 62 'Second Half'; update f 2 0 63 'Second Half'; update f 2 1 64 'Second Half' "$(goal away 60 X)"
  update f 1 1 70 'Second Half'; } | feeder -q -d "$db" load --every 0 -
is "$(query "$db" "SELECT player || ' ' || goals FROM scorers ORDER BY 1" | tr '\n' ' ')" 'H 1 X 1 ' 'where a score falls by itself, the newest goal of that side is taken back'
is "$(query "$db" "SELECT count(*), sum(data ->> '\$.voids' IS NULL) FROM match_events WHERE type = 'goal' AND data ->> '\$.player' = 'X'")" '3|1' \
    'a score that goes 2-0, 2-1, 2-0, 2-1 is a goal once, and corrections'
{ update f 0 1 75 'Second Half'; } | feeder -q -d "$db" load -
is "$(query "$db" "SELECT group_concat(player) FROM scorers")" X 'the newest goal of a side is taken back also when all updates are loaded at once'

# One invalid match.
jq -c '.matches[1].goals1 = [] | .matches[1].goals2 = [] | .matches[1].score.ft = [3, 0]' "${versions[2]}" >"$scratch/odd.json"
fresh
odd='Czech Republic - Mexico on 2026-06-2[45]: its goals make 0:0, its score says 3:0'
like "$(feeder -d "$db" load "$scratch/odd.json" 2>&1; echo $?; ls "$db" 2>/dev/null)" "^feeder: .*odd.json: $odd.65$" 'a document with one wrong match is refused, and the match is named by teams and day'
like "$(feeder -d "$db" load --skip-bad "$scratch/odd.json" 2>&1; echo $?)" \
    "feeder: [^ ]*odd.json: $odd: left out.*14 matches: 14 new, 0 changed, 0 as before, 1 left out; .* rows.65\$" '--skip-bad leaves it out, says so, and ends with 65'
is "$(query "$db" "SELECT count(*), sum(home_team = 'Czech Republic') FROM matches")" '14|0' 'the rest is inserted'
{ update m1 1 0 1 'First Half'; update m2 x 0 1 'First Half'; update m3 1 0 1 'First Half'; } >"$scratch/odd"
for how in '' '--merge' '--every 0'; do
    fresh
    # shellcheck disable=SC2086 # options are words
    like "$(feeder -d "$db" load $how --skip-bad "$scratch/odd" 2>&1; echo $?)" 'left out.*65$' "--skip-bad $how names an invalid update"
    is "$(query "$db" 'SELECT group_concat(match_id) FROM matches')" 'm1,m3' "--skip-bad $how inserts the others"
done
# shapes JSON MESSAGES MATCHES CLAIM - a document with other values in place of matches, with --skip-bad
shapes() {
    fresh
    echo "$1" >"$scratch/shapes.json"
    is "$(feeder -d "$db" load --skip-bad "$scratch/shapes.json" 2>&1 | sed -n 's/.*shapes\.json: \(.*\): left out$/\1/p'; echo "${PIPESTATUS[0]}"; query "$db" 'SELECT match_id FROM matches ORDER BY 1')" \
        "$2"$'\n65\n'"$3" "$4"
}
shapes '{"name":"L 2020","matches":["x",{"date":"2020-03-08","team1":"C","team2":"D"},{"date":"2020-03-09","team1":"E"},17,{"date":"2020-03-08","team1":"G","team2":"H"}]}' \
    'matches[3]: expected an object { }, found 17
matches[0]: expected an object { }, found "x"
E - ? on 2020-03-09: expected team1 and team2' $'l-2020.c.d\nl-2020.g.h' '--skip-bad names an item that is not a match by its place, and a match without a team, and inserts the others'
shapes '{"name":"L 2020","rounds":[3,{"matches":[{"team1":{"name":"C"},"team2":{"name":"D"}},null]},{"matches":{}}]}' \
    'rounds[1].matches[1]: expected an object { }, found null
rounds[2].matches: expected an array [ ], found {}
rounds[0]: expected an object { }, found 3' 'l-2020.c.d' '--skip-bad names an item that is not a round'
shapes '{"matches":[[],{"utcDate":"2026-11-27T15:00:00Z","status":"TIMED","homeTeam":{"name":"A"},"awayTeam":{"name":"B"}},{"id":5,"status":"TIMED","homeTeam":{"name":"A"},"awayTeam":{"name":"B"}}]}' \
    'matches[0]: expected an object { }, found []
A - B on 2026-11-27: expected its id' 'football-data-5' '--skip-bad names a match without an id'
done_testing
