#!/bin/bash
# sql/report/ and its views: each query by its usage line, on a day of play whose answers are
# known.
# tags: once
. tests/lib/lib.sh
need sqlite3

make_db
# match ID HOME AWAY SCORE-HOME SCORE-AWAY STATUS [MORE] - a message
match() {
    sql "INSERT INTO match_events(match_id, data) VALUES ('$1', json_patch(json_object('match_id', '$1', 'home_team', '$2',
         'away_team', '$3', 'score', json_object('home', $4, 'away', $5), 'time', '90:00', 'status', '$6'), '${7:-{\}}'))"
}
# event ID TYPE JSON
event() { sql "INSERT INTO match_events(match_id, type, data) VALUES ('$1', '$2', '$3') RETURNING id"; }

match 7 Ajax Brest 0 0 'First Half'
event 7 goal '{"time":"10:00","team":"home","player":"Ann","score":{"home":1,"away":0}}' >/dev/null
event 7 penalty '{"time":"20:00","team":"home","player":"Ann","score":{"home":2,"away":0}}' >/dev/null
event 7 own-goal '{"time":"30:00","team":"away","player":"Ann","score":{"home":2,"away":1}}' >/dev/null
denied=$(event 7 goal '{"time":"40:00","team":"away","player":"Bob","score":{"home":2,"away":2}}')
event 7 void "{\"voids\":$denied,\"score\":{\"home\":2,\"away\":1}}" >/dev/null
wrong=$(event 7 red-card '{"time":"50:00","team":"away","player":"Bob"}')
event 7 yellow-card "{\"time\":\"50:00\",\"team\":\"away\",\"player\":\"Bob\",\"voids\":$wrong}" >/dev/null
event 7 substitution '{"time":"60:00","team":"away","player":"Cid","replaces":"Bob"}' >/dev/null
match 7 Ajax Brest 2 1 Full-Time
event 8 goal '{"time":"1:00","team":"home","player":"Cid","home_team":"Celje","voids":'"$denied"'}' >/dev/null
match 8 Celje Ajax 1 1 'After Penalties' '{"shootout":{"home":4,"away":5}}'
match 9 Brest Celje 1 0 'Drinks Break'
match 10 Ajax Celje 3 0 Abandoned
match 11 Celje Brest 0 0 Scheduled

# report NAME - the output of its usage line, as a list
report() {
    local usage
    usage=$(sed -n 's/^-- *\(sqlite3 -box .*\)/\1/p' "sql/report/$1.sql")
    usage=${usage/-box/-list -noheader}
    usage=${usage/ DB / "$db" }
    bash -c "${usage/friendly-01/${2:-7}}"
}
for file in sql/report/*.sql; do
    is "$(head -c 3 "$file") $(grep -c '^-- *sqlite3 -box .*DB < '"$file\$" "$file")" '--  1' "$file begins with a comment that has its usage line"
    sqlite3 -bail "$db" <"$file" >/dev/null
    ok $? "$file runs without parameters"
done

is "$(report scoreboard)" 'Brest|1 - 0|Celje|90:00|Drinks Break|9
Celje|0 - 0|Brest|90:00|Scheduled|11
Ajax|3 - 0|Celje|90:00|Abandoned|10
Celje|1 - 1 (4 - 5)|Ajax|90:00|After Penalties|8
Ajax|2 - 1|Brest|90:00|Full-Time|7' 'the scoreboard has those in play first, then the latest'
is "$(sql 'SELECT match_id, state FROM scoreboard' | tr '\n' ' ')" '11|upcoming 10|off 9|live 8|finished 7|finished ' \
    'the scoreboard tells what is upcoming, live, finished, and off'
is "$(report timeline 7)" '7|10:00|goal|Ajax|Ann||1 - 0
7|20:00|penalty|Ajax|Ann||2 - 0
7|30:00|own-goal|Brest|Ann||2 - 1
7|50:00|yellow-card|Brest|Bob||
7|60:00|substitution|Brest|Cid|for Bob|' 'the time line leaves out events that were taken back, and rows that only take one back'
is "$(report timeline 8)" '8|1:00|goal|Celje|Cid||' 'the time line with a match as parameter has that match only'
is "$(sqlite3 "$db" <sql/report/timeline.sql | wc -l)" 6 'the time line without a parameter has all matches'
is "$(report scorers)" 'Ann|Ajax|2|1|1||
Cid|Celje|1|0|1||' 'scorers: own goals and goals that were taken back do not count'
is "$(report cards)" 'Bob|Brest|1|0|0||' 'a card that was corrected counts as what it was corrected to'
is "$(report table)" '|||1|Ajax|2|1|1|0|3:2|1|4
|||2|Celje|1|0|1|0|1:1|0|1
|||3|Brest|1|0|0|1|1:2|-1|0' 'the table is made of finished matches, and a shoot-out is a draw'
is "$(report latest | cut -d '|' -f 1,3,4 | head -2 | tr '\n' ' ')" '15|11|message 14|10|message ' 'latest begins with the newest row'
sql "INSERT INTO match_events(match_id, data, created_at) VALUES ('12', '{}', '2001-02-03T04:05:06.000Z'),
     ('12', '{}', '2001-02-03T04:05:59.999Z'), ('13', '{}', '2001-02-03T04:06:00.000Z')"
is "$(report rate | tail -2)" '2001-02-03 04:06|1|1|0|1
2001-02-03 04:05|2|2|0|1' 'rate counts by the minute'

event 7 goal '{"voids":"x","player":7,"score":3,"team":[]}' >/dev/null
sql "INSERT INTO match_events(match_id, data) VALUES ('7', '[]'), ('14', '{\"score\":\"x\",\"shootout\":[1]}')"
for view in scoreboard timeline scorers cards league knockout ties; do
    sql "SELECT * FROM $view" >/dev/null
    ok $? "SELECT * FROM $view succeeds with data that make no sense"
done
is "$(sql 'EXPLAIN QUERY PLAN SELECT * FROM scorers' | grep -E 'SCAN (event|match_events|matches)' | grep -v by_type)" '' \
    'scorers are found without reading all messages'
done_testing
