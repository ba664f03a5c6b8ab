#!/bin/bash
# feeder load --format: third-party documents become the course of their matches.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 jq

documents=tests/fixtures/feeder/formats
# loaded FILE [OPTION...] - loads that document into a fresh database; $said is feeder's output
loaded() {
    rm -f "$db"*
    said=$(feeder -q -d "$db" load "${@:2}" "$1" 2>&1) || { diag "$said"; return 1; }
}
query() { sqlite3 "$db" "$1"; }
# types MATCH - its events in order, without messages
types() { query "SELECT group_concat(type) FROM (SELECT type FROM match_events WHERE match_id = '$1' AND type <> 'message' ORDER BY id)"; }
goals="type IN ('goal', 'penalty', 'own-goal')"

# The World Cup of 2022
cup=$documents/openfootball-2022.json
loaded "$cup" --format openfootball
is "$(query 'SELECT count(*) FROM matches')" 64 'openfootball: a World Cup has 64 matches'
is "$(query "SELECT home_team || home_score || away_score || away_team || ifnull(message ->> '\$.shootout', '') FROM matches" | sort)" \
    "$(jq -r '.matches[] | (.score.et // .score.ft) as [$h, $a] |
        "\(.team1)\($h)\($a)\(.team2)\(if .score.p then {home: .score.p[0], away: .score.p[1]} | tojson else "" end)"' "$cup" | sort)" \
    'each match ends with the score and the shoot-out of the document'
is "$(query "SELECT count(*) FROM match_events WHERE $goals")" 172 'the World Cup has 172 goals'
is "$(query "SELECT data ->> '\$.home_team', data ->> '\$.team', data ->> '\$.player', data -> '\$.score' FROM match_events
             WHERE type = 'own-goal' ORDER BY id")" \
    'Canada|home|Nayef Aguerd|{"home":1,"away":2}
Argentina|away|Enzo Fernández|{"home":2,"away":1}' 'own goals count for the other side'
is "$(query "SELECT count(*) FROM matches WHERE status = 'After Penalties' AND message ->> '\$.shootout.home' <> message ->> '\$.shootout.away'")" \
    5 'all of five shoot-outs are decided'
is "$(query "SELECT count(*) FROM (SELECT data -> '\$.score' IS NOT json_object(
                'home', count(*) FILTER (WHERE data ->> '\$.team' = 'home') OVER course,
                'away', count(*) FILTER (WHERE data ->> '\$.team' = 'away') OVER course) AS wrong
             FROM match_events WHERE $goals WINDOW course AS (PARTITION BY match_id ORDER BY id)) WHERE wrong")" \
    0 'each goal tells the score it makes'
is "$(types world-cup-2022.argentina.france)" \
    'kickoff,penalty,goal,halftime,secondhalf,penalty,goal,extra-time,goal,penalty,shootout,fulltime' 'the final has its events in their order'
is "$(query "SELECT group_concat(clock) FROM (SELECT data ->> '\$.time' AS clock FROM match_events WHERE match_id = 'world-cup-2022.argentina.france' AND $goals ORDER BY id)")" \
    '23,36,80,81,108,118' 'the goals of the final are in the order of their minutes'
is "$(query "SELECT data ->> '\$.time' FROM match_events WHERE match_id = 'world-cup-2022.england.iran' AND $goals ORDER BY id" | tr '\n' ' ')" \
    '35 43 45+1 62 65 71 90 90+13 ' 'stoppage time comes after the minute that it follows'
is "$(query "SELECT match_id FROM match_events WHERE type = 'fulltime' ORDER BY id LIMIT 3" | tr '\n' ' ')" \
    'world-cup-2022.qatar.ecuador world-cup-2022.england.iran world-cup-2022.senegal.netherlands ' 'matches come in the order of their days and hours'
query 'SELECT match_id, type, data FROM match_events' >"$scratch/named"
loaded "$cup"
query 'SELECT match_id, type, data FROM match_events' | cmp - "$scratch/named"
ok $? 'a format that is not named is guessed'
rm -f "$db"*
{ printf '\xef\xbb\xbf'; cat "$cup"; } | feeder -q -d "$db" load -
query 'SELECT match_id, type, data FROM match_events' | cmp - "$scratch/named"
ok $? 'a document from a pipe, after a byte order mark, makes the same rows'

is "$(query "SELECT count(*) FROM matches WHERE message ->> '\$.starts_at' IS NOT NULL")" 0 'a time without a zone is not an instant, and is left out'

# guessed AT - the format is recognised, although the key that shows it ends at byte AT
guessed() {
    printf '{"name": "Cup", %*s{"team1": "A", "team2": "B"}]}' $(($1 - 24)) '"matches": [' >"$scratch/in.json"
    rm -f "$db"*
    feeder -q -d "$db" load "$scratch/in.json" 2>/dev/null
}
guessed 4096
is "$? $(head -c 4096 "$scratch/in.json" | tail -c 7)" '0 "team1"' 'the first 4096 bytes tell the format'
guessed 4097
is $? 65 'bytes after the first 4096 do not decide the format'

# Its other layouts
loaded $documents/openfootball-1930.json
is "$(query "SELECT home_score, away_score FROM matches ORDER BY match_id" | tr '\n' ' ')" '3|0 4|2 ' 'matches of a day without a time are loaded'
is "$(query "SELECT data ->> '\$.team' FROM match_events WHERE type = 'own-goal'")" home 'an own goal that is listed with the other side counts for that side'
loaded $documents/openfootball-2018.json
is "$(query "SELECT home_team, home_score, away_score, away_team, status FROM matches ORDER BY match_id")" \
    'Portugal|3|3|Spain|Full Time
Morocco|0|1|Iran|Full Time
Spain|1|1|Russia|After Penalties
Croatia|1|1|Denmark|After Penalties
W61|0|0|W62|Scheduled' 'teams that are objects and scores with i, et and p are read'
is "$(query "SELECT min(match_id) FROM match_events WHERE id = (SELECT min(id) FROM match_events)")" world-cup-2018.4 \
    'a match in Saint Petersburg at 18:00 is before one in Sochi at 21:00'
loaded $documents/openfootball-2026.json
is "$(query "SELECT group_concat(clock) FROM (SELECT data ->> '\$.time' AS clock FROM match_events WHERE match_id = 'world-cup-2026.usa.paraguay' AND $goals ORDER BY id)")" \
    '7,31,45+5,73,90+8' 'minutes that are strings are read'
is "$(query "SELECT group_concat(match_id) FROM (SELECT match_id FROM match_events WHERE type = 'kickoff' ORDER BY id)")" \
    'world-cup-2026.usa.paraguay,world-cup-2026.qatar.switzerland,world-cup-2026.france.senegal' 'matches are ordered by times with a zone'
is "$(query "SELECT message ->> '\$.starts_at', message ->> '\$.competition' FROM matches WHERE match_id = 'world-cup-2026.qatar.switzerland'")" \
    '2026-06-13T19:00:00Z|World Cup' 'an update has the instant of its match in UTC'
is "$(types world-cup-2026-4),$(query "SELECT status FROM matches WHERE match_id = 'world-cup-2026.w101.w102'")" ',Scheduled' 'a match to come is scheduled'
loaded $documents/openfootball-playoffs.json
is "$(query "SELECT home_score, away_score, status FROM matches ORDER BY message_id" | tr '\n' ' ')" \
    '2|0|Full Time 1|1|After Penalties 2|2|After Penalties 1|0|After Extra Time ' 'a score that is two numbers, or not told after 90 minutes, is read'
loaded $documents/openfootball-clubs.json
is "$(query "SELECT group_concat(score) FROM (SELECT data -> '\$.score' AS score FROM match_events
             WHERE match_id = 'club-world-cup-2025.sl-benfica-por.chelsea-fc-eng' AND type <> 'message' ORDER BY id)")" \
    '{"home":0,"away":0},{"home":0,"away":0},{"home":0,"away":0},{"home":1,"away":1},{"home":1,"away":4}' \
    'without goals, events take their scores from half-time and the end'

echo '{"name": "Cup", "matches": [{"team1": "A", "team2": "B", "score": {"ft": ["1", "0"]}, "goals1": null},
    {"team1": "C", "team2": "D", "score": {"ft": [1, 0]}, "goals1": [{"name": "X"}]}]}' >"$scratch/in.json"
loaded "$scratch/in.json"
is "$(query "SELECT home_score, away_score FROM matches ORDER BY match_id" | tr '\n' ' ')" '1|0 1|0 ' \
    'goals that are null, numbers that are strings, and a goal without its minute are read'

# football-data
loaded $documents/football-data-match.json
is "$(types football-data-391912)" \
    'kickoff,goal,yellow-card,halftime,secondhalf,substitution,penalty,goal,goal,extra-time,second-yellow,shootout,fulltime' \
    'football-data: goals, cards and substitutions become events in their order'
is "$(query "SELECT home_score, away_score, message -> '\$.shootout' FROM matches")" '2|2|{"home":3,"away":4}' 'the kicks of a shoot-out do not count as goals'
is "$(query "SELECT data ->> '\$.player', data ->> '\$.replaces' FROM match_events WHERE type = 'substitution'")" \
    'Teun Koopmeiners|Marten de Roon' 'a substitution says which player comes on and which goes off'
is "$(query "SELECT data ->> '\$.assist' FROM match_events WHERE type = 'goal' AND data ->> '\$.time' = '90+11'")" \
    'Teun Koopmeiners' 'a goal has its injury time, and its assist'
loaded $documents/football-data-list.json
is "$(query "SELECT home_team, home_score, away_score, away_team, status FROM matches ORDER BY match_id")" \
    'Croatia|0|0|Belgium|Second Half
Canada|1|2|Morocco|Full Time
To be decided|0|0|To be decided|Scheduled
Canada|0|0|Morocco|Postponed
Canada|1|2|Morocco|Full Time' 'a list has matches that are played, in play, to come, called off, and without their goals'
is "$(query "SELECT data ->> '\$.team' FROM match_events WHERE type = 'own-goal'")" home 'an own goal counts for the side whose score it moves'

# statsbomb
loaded $documents/3869685.json
is "$(types statsbomb-3869685)" \
    "kickoff,penalty,goal,substitution,yellow-card,halftime,secondhalf,penalty,goal,yellow-card,extra-time,goal,penalty,$(
    )shootout,shootout-goal,shootout-goal,shootout-miss,shootout-goal,shootout-miss,shootout-goal,shootout-goal,shootout-goal,fulltime" \
    'statsbomb: the final has its events, cards and kicks in their order'
is "$(query "SELECT home_team, home_score, away_score, away_team, status, message -> '\$.shootout' FROM matches")" \
    'Argentina|3|3|France|After Penalties|{"home":4,"away":2}' 'statsbomb: the final ends 3-3, and 4-2 in the shoot-out'
is "$(query "SELECT data ->> '\$.time' FROM match_events WHERE $goals OR type = 'yellow-card' ORDER BY id" | tr '\n' ' ')" \
    '22:09 35:02 45+7 79:05 80:40 90+5 107:40 117:20 ' 'the goals of the final have their time to the second'
loaded $documents/statsbomb-own-goal.json
is "$(query "SELECT type, data ->> '\$.team', data ->> '\$.player', data -> '\$.score' FROM match_events
             WHERE type IN ('own-goal', 'missed-penalty', 'second-yellow') ORDER BY id")" \
    'second-yellow|away|Jackson Irvine|{"home":1,"away":0}
missed-penalty|away|Craig Goodwin|{"home":2,"away":0}
own-goal|away|Enzo Fernández|{"home":2,"away":1}' 'an own goal of two events, a missed penalty and a second yellow card become events'
sed '2s/"team": {"name": "Argentina"}}/&, "tactics": {"formation": 442, "lineup": [{"jersey_number": 23, "player": {"name": "E"}, "position": {"name": "Goalkeeper"}}]}}/; 2s/}}, "tactics"/}, "tactics"/' \
    "$documents/3869685.json" >"$scratch/3869685.json"
loaded "$scratch/3869685.json"
is "$(query "SELECT message -> '\$.lineups', message -> '\$.statistics.shots' FROM matches WHERE match_id = 'statsbomb-3869685'")" \
    '{"home":{"formation":442,"starting":[{"number":23,"name":"E","position":"Goalkeeper"}]}}|{"home":3,"away":3}' \
    'the last update of a match of statsbomb has its line-ups and statistics'

# refused NAME PATTERN CODE [OPTION...] - $scratch/in.json is refused with a matching sentence, and inserts nothing
refused() {
    local text
    rm -f "$db"*
    text=$(feeder -d "$db" load "${@:4}" "$scratch/in.json" 2>&1)
    like "$? $text $(ls "$db" 2>/dev/null)" "^$3 feeder: $2 $" "load refuses $1"
}
jq '.matches[20].score.ft[0] += 1' "$cup" >"$scratch/in.json"
match=$(jq -r '.matches[20] | "\(.team1) - \(.team2) on \(.date)"' "$cup")
refused 'goals of openfootball that do not make the final score' ".*in\.json: $match: its goals make [0-9]:[0-9], its score says [0-9]:[0-9]" 65
jq -c '.matches[0].goals |= .[:2]' $documents/football-data-list.json >"$scratch/in.json"
refused 'goals of football-data that do not make the final score' '.*in\.json: Canada - Morocco on 2022-12-01: its goals make 0:2, its score says 1:2' 65
jq -c 'map(select(.type.name != "Own Goal For"))' $documents/statsbomb-own-goal.json >"$scratch/in.json"
refused 'half an own goal of statsbomb' '.*in\.json: an Own Goal For and its Own Goal Against do not agree' 65
# misshapen FORMAT DOCUMENT PLACE EXPECTED FOUND
misshapen() {
    printf '%s' "$2" >"$scratch/in.json"
    refused "$2 as $1, with its place and what belongs there" ".*in\.json: $3: expected $4, found $5" 65 --format "$1"
}
object='an object \{ \}' array='an array \[ \]'
for format in openfootball football-data; do
    misshapen $format '{"matches":["x"]}' 'matches\[0\]' "$object" '"x"'
    misshapen $format '{"matches":[{},7]}' 'matches\[1\]' "$object" 7
    misshapen $format '{"matches":"x"}' matches "$array" '"x"'
    misshapen $format '{"matches":{"a":{}}}' matches "$array" '\{"a":\{\}\}'
    misshapen $format '"x"' 'the document' "$array" '"x"'
done
misshapen openfootball '{"rounds":["x"]}' 'rounds\[0\]' "$object" '"x"'
misshapen openfootball '{"rounds":[{},{"matches":[{},["x"]]}]}' 'rounds\[1\].matches\[1\]' "$object" '\["x"\]'
misshapen openfootball '{"rounds":[{"matches":3}]}' 'rounds\[0\].matches' "$array" 3
misshapen statsbomb '[{"type":{"name":"Shot"}},"x"]' '\[1\]' "$object" '"x"'
misshapen statsbomb '"x"' 'the document' "$array" '"x"'
echo '[{"match_id":"m"},"x"]' >"$scratch/in.json"
refused 'an invalid update of livescore' '.*in\.json: line 1, byte 19: expected update 2, an object \{ \}, found "' 65 --merge
head -c 2000 "$cup" >"$scratch/in.json"
refused 'a truncated document' '.*in\.json: not JSON.*' 65
sed 's/Doha/\xe4/' "$cup" >"$scratch/in.json"
refused 'Latin-1' '.*in\.json: byte [0-9]+: expected UTF-8, found byte 0xE4.*iconv.*' 65
sed 's/Doha/\x00/' "$cup" >"$scratch/in.json"
refused 'a NUL' '.*in\.json: byte [0-9]+: expected JSON, found byte 0x00' 65
printf '[{"team1":"A",["x"]:1}]' >"$scratch/in.json"
refused 'a list for a key, on which SQLite may crash' '.*in\.json: byte 20: expected JSON, found : after a bracket' 65
cp $documents/football-data-match.json "$scratch/in.json"
refused 'a document in another format than is said' '.*in\.json: openfootball finds no update in it: is it in another format\?' 65 --format openfootball
refused 'an unknown format' "--format: no format is called soccer: '--format list' lists them.*" 64 --format soccer

# The largest documents
sized() { cat "$cup"; head -c $(($1 - $(wc -c <"$cup"))) /dev/zero | tr '\0' ' '; }
sized 67108864 >"$scratch/in.json"
loaded "$scratch/in.json"
is "$? $(query 'SELECT count(*) FROM matches')" '0 64' 'a document of 64 MiB is taken'
echo >>"$scratch/in.json"
refused 'a document of one byte more than 64 MiB' '.*in\.json: larger than 67108864 bytes.*' 65
rm "$scratch/in.json"
done_testing
