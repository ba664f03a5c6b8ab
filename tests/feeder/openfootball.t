#!/bin/bash
# What openfootball's documents say besides results: the identity of a match, whatever its place and day; whether it was
# played to its end; when; and in which competition.
# tags: once
. tests/lib/lib.sh
need sqlite3 jq

# loaded - loads the document from standard input into a fresh database; $said is feeder's output
loaded() {
    rm -f "$db"*
    cat >"$scratch/in.json"
    said=$(feeder -q -d "$db" load "$scratch/in.json" 2>&1)
}
query() { sqlite3 "$db" "$1"; }
ids() { query 'SELECT match_id FROM matches ORDER BY message_id' | tr '\n' ' '; }
types() { query "SELECT group_concat(type || ifnull(' ' || (data ->> '\$.score.home') || (data ->> '\$.score.away'), '')) FROM
    (SELECT * FROM match_events WHERE match_id = '$1' AND type <> 'message' ORDER BY id)"; }
state() { query "SELECT home_score, away_score, clock, status, state FROM matches JOIN match_states USING (match_id) WHERE match_id = '$1'"; }

# Ids
league='{"name": "First League 2024/25", "matches": [
    {"round": "Matchday 1", "date": "2024-08-10", "team1": "Reds", "team2": "Blues", "score": {"ft": [1, 0]}},
    {"round": "Matchday 2", "date": "2024-08-17", "team1": "Blues", "team2": "Reds", "score": {"ft": [2, 2]}},
    {"round": "Matchday 3", "date": "2024-08-24", "team1": "Reds", "team2": "Greens", "score": {"ft": [0, 3]}},
    {"round": "Matchday 9", "date": "2024-11-02", "team1": "Reds", "team2": "Blues"}]}'
loaded <<<"$league"
whose() { query "SELECT match_id, home_team, away_team, round FROM matches ORDER BY match_id"; }
whose >"$scratch/ids"
is "$(cat "$scratch/ids")" 'first-league-2024-25.blues.reds|Blues|Reds|Matchday 2
first-league-2024-25.reds.blues|Reds|Blues|Matchday 1
first-league-2024-25.reds.blues.2|Reds|Blues|Matchday 9
first-league-2024-25.reds.greens|Reds|Greens|Matchday 3' 'an id is made of competition, season and teams; a second match of the same teams has another'
# same JQ NAME - the document that jq makes of it has the same matches under the same ids
same() {
    loaded < <(jq "$1" <<<"$league")
    whose | cmp - "$scratch/ids"
    ok $? "$2"
}
same '.matches |= reverse' 'ids stay when rows are moved'
same '.matches[2].date = "2025-03-01"' 'a match that is moved to another day keeps its id'
same '.matches[0].date = "2025-04-30"' 'a match that is moved after the next one of the same teams keeps its id'
same '.name = "First League 2024-25"' 'a season that is written in the other way leaves all ids as they are'
loaded < <(jq '.matches |= map(del(.round)) | .matches[0].status = "abandoned" | .matches[3].date = "2024-08-11"' <<<"$league")
is "$(query "SELECT match_id, status FROM matches WHERE home_team = 'Reds' AND away_team = 'Blues'" | sort | tr '\n' ' ')" \
    'first-league-2024-25.reds.blues.2|Scheduled first-league-2024-25.reds.blues|Abandoned ' 'a match that was abandoned, and its replay, are two'

loaded <<<'{"name": "Cup 2026", "matches": [{"num": 5, "date": "2026-06-01", "team1": "2A", "team2": "2B"},
    {"num": 6, "date": "2026-06-02", "team1": "X", "team2": "Y"}, {"num": 6, "date": "2026-06-03", "team1": "V", "team2": "W"}]}'
is "$(ids)" 'cup-2026.5 cup-2026.x.y cup-2026.v.w ' 'a number is an id if it is only one match'\''s'
loaded <<<'{"name": "Премьер-лига 2024/25", "matches": [{"date": "2024-08-01", "team1": "Спартак", "team2": "Динамо"},
    {"date": "2024-08-01", "team1": "Динамо", "team2": "Спартак"}, {"date": "2024-08-02", "team1": "Зенит", "team2": "Рубин"}]}'
is "$(ids | tr ' ' '\n' | sort -u | grep -cE '^2024-25\.\.\.[0-9a-f]{8}$')" 3 'names without any ASCII have a hash'
long='{"name": "The Very Long Named Premier League of Somewhere 2024/25", "matches": [
    {"date": "2024-08-01", "team1": "Estudiantes de La Plata", "team2": "Wolverhampton Wanderers FC"},
    {"date": "2024-08-01", "team1": "Estudiantes de Rio Cuarto", "team2": "Wolverhampton Wanderers FC"}]}'
loaded <<<"$long"
is "$(ids | tr ' ' '\n' | sort -u | grep -E '^.{50,64}$' | sed 's/[0-9a-f]\{8\}$//')" 'the-very-long-named-.estudiantes-de-.wolverhampton-w.
the-very-long-named-.estudiantes-de-.wolverhampton-w.' 'names that are too long are cut, and have a hash'
loaded <<<'{"matches": [{"date": "2024-08-01", "team1": "A", "team2": "B"}]}'
is "$(ids)" 'match.a.b ' 'a document without a name gives its matches ids'
for file in /dev/null tests/fixtures/feeder/formats/openfootball-*.json; do
    [ "$file" != /dev/null ] || continue
    loaded <"$file"
    is "$(query 'SELECT count(*) FROM matches')" "$(jq '[.matches // [.rounds[].matches[]] | .[]] | length' "$file")" "$(basename "$file"): each match has an id of its own"
done

# Statuses
loaded <<<'{"name":"L","matches":[{"date":"2020-03-15","team1":"A","team2":"B","score":{},"status":"cancelled"},{"date":"2020-03-08","team1":"C","team2":"D",
    "score":{"ft":[0,3]},"status":"awarded"},{"date":"2020-03-01","time":"9:30","team1":"E","team2":"F","score":{"ft":[1,0]}}]}'
is "$(state l.a.b) $(types l.a.b)" '0|0||Cancelled|off cancelled 00' 'a match that was cancelled is off, and has no score'
is "$(state l.c.d) $(types l.c.d)" '0|3||Awarded|finished awarded 03' 'an awarded match has its result, and no halves'
is "$(state l.e.f) $(query "SELECT local_time FROM matches WHERE match_id = 'l.e.f'")" '1|0|90|Full Time|finished 2020-03-01 09:30' 'an hour with one digit is accepted'
is "$(query 'SELECT team, points FROM league ORDER BY place' | tr '\n' ' ')" 'D|3 E|3 F|0 C|0 ' 'awarded matches count in the table, cancelled ones do not'
# status STATUS [FIELDS] - the state of a match with it
status() { loaded <<<"{\"name\": \"L\", \"matches\": [{\"date\": \"2020-03-01\", \"team1\": \"A\", \"team2\": \"B\", \"status\": \"$1\"${2:+, $2}}]}"; state l.a.b; types l.a.b; }
is "$(status canceled)" '0|0||Canceled|off
cancelled 00' 'a match that was canceled, with one l, is off'
is "$(status postponed)" '0|0||Postponed|off
postponed 00' 'a match that was postponed is off'
is "$(status abandoned '"score": {"ht": [1, 0], "ft": [1, 1]}, "goals1": [{"name": "P", "minute": 10}], "goals2": [{"name": "Q", "minute": 50}]')" '1|1|50|Abandoned|off
kickoff 00,goal 10,halftime 10,secondhalf 10,goal 11,abandoned 11' 'a match that was abandoned has what happened before'
is "$(status abandoned '"score": {"ft": [1, 0]}')" '1|0||Abandoned|off
kickoff 00,abandoned 10' 'a match that was abandoned may have its score alone'
is "$(status awarded '"score": {"ft": [3, 0]}, "goals1": [], "goals2": [{"name": "Q", "minute": 50}]')" '3|0||Awarded|finished
awarded 30' 'an award does not go by the goals'
is "$(status finished '"score": {"ht": [0, 0], "ft": [1, 0]}')" '1|0|90|Full Time|finished
kickoff 00,halftime 00,secondhalf 00,fulltime 10' 'a status that only says that a match is over makes a finished match'
is "$(status scheduled)" '0|0||Scheduled|upcoming' 'a status that only says that a match is to come makes an upcoming match'
is "$(status live '"score": {"ft": [1, 0]}, "goals1": [{"name": "P", "minute": 10}], "goals2": []')" '1|0|10|Live|live
kickoff 00,goal 10' 'a status that says that a match is live makes a match in play'
is "$(status 'ikke kendt')" '0|0||Ikke kendt|upcoming' 'an unknown status is passed on'

# Times
# hour TIME - starts_at and local_time
hour() { loaded <<<"{\"name\": \"L\", \"matches\": [{\"date\": \"${2:-2020-03-01}\", \"time\": \"$1\", \"team1\": \"A\", \"team2\": \"B\"}]}"; query 'SELECT starts_at, local_time FROM matches' 2>/dev/null; }
is "$(hour 9:30) $(hour 09:30) $(hour 9.30) $(hour 21:45)" '|2020-03-01 09:30 |2020-03-01 09:30 |2020-03-01 09:30 |2020-03-01 21:45' 'an hour without its zone is local'
is "$(hour '9:30 UTC-6') $(hour '0:30 UTC+5:30') $(hour '20:45 CET') $(hour '20:45 UTC') $(hour '20:45 GMT+1') $(hour '9:30 UTC-3:30')" \
    '2020-03-01T15:30:00Z| 2020-02-29T19:00:00Z| 2020-03-01T19:45:00Z| 2020-03-01T20:45:00Z| 2020-03-01T19:45:00Z| 2020-03-01T13:00:00Z|' 'an hour with its zone is an instant'
is "$(hour '20:45 XYZ') $(hour '20:45 IST')" '|2020-03-01 20:45 |2020-03-01 20:45' 'an unknown zone, or several zones, count as none'
loaded <<<'{"name": "L", "matches": [{"date": "2020-03-01", "team1": "A", "team2": "B"}, {"team1": "C", "team2": "D"}]}'
is "$(query 'SELECT starts_at, local_time FROM matches ORDER BY match_id' | tr '\n' ' ')" '|2020-03-01 | ' 'a day without a time is kept, and a missing day stays missing'
hour half-past >/dev/null
like "$said" 'A - B on 2020-03-01: time: expected such as 18:30 or 18:30 UTC\+1, found half-past$' 'an invalid hour is refused'
for day in 01.03.2020 2020-02-30 2020-3-1 1583020800; do
    hour 9:30 $day >/dev/null
    like "$said" "A - B on $day: date: expected such as 2026-11-28, found $day\$" "the day $day is refused"
done

# Competitions
fields() { query "SELECT competition, season, round, group_name, leg, venue FROM matches"; }
loaded <<<'{"name": "World Cup 2026", "matches": [{"round": "Matchday 1", "date": "2026-06-11", "team1": "A", "team2": "B", "group": "Group A", "ground": "Mexico City"}]}'
is "$(fields)" 'World Cup|2026|Matchday 1|Group A||Mexico City' 'a match has its competition, season, round, group and venue'
loaded <<<'{"name": "Champions League 2018-19", "matches": [{"round": "Group B", "date": "2018-09-18", "team1": "A", "team2": "B"}]}'
is "$(fields)" 'Champions League|2018/19|Group B|Group B||' 'a round that is called a group is the group'
loaded <<<'{"name": "Cup 2020/2021", "matches": [{"round": "Semi-finals, 2nd Leg", "date": "2020-09-18", "team1": "A", "team2": "B"}]}'
is "$(fields)" 'Cup|2020/2021|Semi-finals, 2nd Leg||2|' 'a second leg in the name of a round is the leg'
loaded <<<'{"name": "World Cup 2018", "rounds": [{"name": "Final", "matches": [{"date": "2018-07-15", "team1": {"name": "A"}, "team2": {"name": "B"}, "stadium": {"name": "Luzhniki"}}]}]}'
is "$(fields)" 'World Cup|2018|Final|||Luzhniki' 'matches in rounds have the name of their round'
loaded <<<'{"name": "2026", "matches": [{"date": "2026-06-11", "team1": "A", "team2": "B"}]}'
is "$(fields)" '2026|||||' 'a name that is a year is a name'
done_testing
