#!/bin/bash
# feeder void, and voids in feeder add: an event is taken back, together with its effect on the state.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3

feeder -q -d "$db" init
add() { feeder -d "$db" add "$@" 2>&1; }
void() { feeder -d "$db" void "$@" 2>&1; echo "$?"; }
state() { sql "SELECT home_score || '-' || away_score, clock, status FROM matches WHERE match_id = 'm1'"; }
rows() { sql 'SELECT count(*) FROM match_events'; }

add m1 kickoff '{"home_team":"A","away_team":"B"}' >/dev/null
add m1 goal '{"time":"10:00","team":"home","player":"Ålykke"}' >/dev/null
add m1 own-goal '{"time":"20:00","team":"away"}' >/dev/null
add m1 yellow-card '{"time":"30:00","team":"away","player":"X"}' >/dev/null

is "$(void 3)" $'9\n0' 'void prints the id of its row'
is "$(state)" '0-1|30:00|First Half' 'a void lowers the score, and the clock stays'
is "$(sql 'SELECT match_id, type, data FROM match_events WHERE id = 9')" \
    'm1|void|{"match_id":"m1","home_team":"A","away_team":"B","score":{"home":0,"away":1},"voids":3,"voided":"goal","time":"10:00","team":"home","player":"Ålykke"}' \
    'the row of a void says what was taken back, and the score without it'
is "$(sql "SELECT type, data ->> '\$.events[0].voids' FROM match_events WHERE id = 10")" 'message|3' 'a message follows a void'
void 5 >/dev/null
is "$(state)" '0-0|30:00|First Half' 'an own goal that is taken back is taken off the side that it counted for'
void 7 >/dev/null
is "$(state)" '0-0|30:00|First Half' 'a card leaves the score'

before=$(rows)
is "$(void 3)" $'feeder: ID: expected an event that still counts, found 3, which row 9 has taken back\n65' 'an event that was taken back cannot be taken back again'
like "$(void 4)" '^feeder: ID: expected an event, found 4, a message.*65$' 'a message cannot be taken back'
like "$(void 9)" '^feeder: ID: expected an event, found 9, a void .*65$' 'a void cannot be taken back'
is "$(void 99)" $'feeder: ID: expected the id of an existing row, found 99\n65' 'a missing row cannot be taken back'
like "$(void 0)" 'found 0.65$' 'row 0 cannot be taken back'
like "$(void x)" '^feeder: ID: .*, a number, found x.64$' 'a word is a usage error'
like "$(void 9223372036854775807)" 'existing row, found 9223372036854775807.65$' 'the largest number is a number'
like "$(void 9223372036854775808)" 'a number, found 9223372036854775808.64$' 'an id past the largest number is a usage error'
like "$(feeder -d "$scratch/none.db" void 1 2>&1; echo $?; ls "$scratch/none.db" 2>&1)" 'no such file.*66.*No such file' 'a missing database is not made'
is "$(rows)" "$before" 'a void that is refused inserts no row'

# Corrections in one go
goal=$(add m1 goal '{"time":"40:00","team":"home","player":"Y"}')
add m1 goal '{"time":"40:00","team":"home","player":"Z","voids":'"$goal"'}' >/dev/null
is "$(state)" '1-0|40:00|First Half' 'a goal that voids another of its side leaves the score'
again=$(sql "SELECT max(id) FROM match_events WHERE type = 'goal'")
add m1 goal '{"time":"40:00","team":"away","player":"Z","voids":'"$again"'}' >/dev/null
is "$(state)" '0-1|40:00|First Half' 'a goal that voids one of the other side moves it over'
last=$(sql "SELECT max(id) FROM match_events WHERE type = 'goal'")
add m1 var '{"time":"42:00","detail":"offside","voids":'"$last"'}' >/dev/null
is "$(state)" '0-0|42:00|First Half' 'a video review that voids a goal takes it off, and moves the clock'
like "$(add m1 goal '{"team":"home","voids":'"$again"'}'; echo $?)" '^feeder: JSON: voids: expected an event that still counts.*65$' 'an event that was corrected cannot be corrected again'
like "$(add m1 goal '{"team":"home","voids":"3"}'; echo $?)" '^feeder: JSON: voids: expected the id of an existing row, found "3".65$' 'a voids that is not a number is refused'
like "$(add m2 var '{"voids":3}'; echo $?)" '^feeder: JSON: voids: expected an event of m2, found 3, which is of m1.65$' 'an event of another match cannot be taken back'

# Statuses, shoot-outs
half=$(add m1 halftime '{"time":"45+1"}')
void "$half" >/dev/null
is "$(state)" '0-0|45+1|First Half' 'half-time that is taken back is the first half again'
half=$(add m1 halftime '{"time":"45+2"}')
add m1 secondhalf '{}' >/dev/null
void "$half" >/dev/null
is "$(state)" '0-0|45+2|Second Half' 'a half-time that is taken back in the second half does not bring the first half back'
add m1 shootout '{}' >/dev/null
kick=$(add m1 shootout-goal '{"team":"home"}')
void "$kick" >/dev/null
is "$(sql "SELECT message ->> '\$.shootout' FROM matches")" '{"home":0,"away":0}' 'the shoot-out has its own count'

# Rows added by hand, a score corrected otherwise, and a pruned log
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '{}'), ('m9', 'price', '[7]')"
like "$(void "$(sql "SELECT max(id) FROM match_events WHERE type = 'goal'")")" 'expected a goal for "home" or "away", found .*65$' 'a goal without a team cannot be taken back'
void "$(sql "SELECT id FROM match_events WHERE type = 'price'")" >/dev/null
is "$(sql "SELECT type, data ->> '\$.voided' FROM match_events WHERE match_id = 'm9' ORDER BY id DESC LIMIT 1")" 'void|price' 'a row without a match can be taken back'
goal=$(add m1 goal '{"team":"home"}')
message m1 0 0
before=$(rows)
like "$(void "$goal")" 'score\.home: expected an integer of 0 or more, found -1.65$' 'no score falls below 0'
is "$(rows)" "$before" 'a void that is refused for the score inserts no row'
sql 'DELETE FROM match_events WHERE id <= 3'
like "$(void 3)" 'found 3, which was pruned.65$' 'a row that was pruned cannot be taken back, and is said to be pruned'

# Concurrent writers
goal=$(add m1 goal '{"team":"home"}')
was=$(state)
voiders=()
for _ in {1..8}; do void "$goal" >>"$scratch/said" & voiders+=($!); done
wait "${voiders[@]}"
is "$(grep -cx 0 "$scratch/said") $(grep -cx 65 "$scratch/said") $was $(state)" '1 7 1-0|1|First Half 0-0|1|First Half' \
    'of eight that take one goal back, one does'
done_testing
