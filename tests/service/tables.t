#!/bin/bash
# /tables and /scorers: as they stand now, with the matches in play.
# tags: sanitized

. tests/lib/lib.sh

make_db
ask() { printf 'GET %s HTTP/1.0\r\n\r\n' "$1" | livescore -d "$db" --no-poller 2>"$scratch/log" | tail -n 1; }
# match ID HOME AWAY SCORE STATUS [NAME VALUE]...; goal ID TYPE DATA
match() {
    echo "INSERT INTO match_events(match_id, data) VALUES ('$1', json_patch(
          json_object('home_team', '$2', 'away_team', '$3', 'score', json_object('home', ${4%:*}, 'away', ${4#*:}), 'status', '$5',
                      'time', '50:00', 'competition', 'League', 'season', '2026', 'starts_at', '2026-11-27T19:00:00Z'), '${6:-{\}}'));"
}
goal() { echo "INSERT INTO match_events(match_id, type, data) VALUES ('$1', '$2', '$3');"; }
{
    match ab A B 2:0 'Full Time'
    match cd C D 1:1 'Full Time'
    match da D A 3:0 'Second Half'
    match bc B C 0:0 Scheduled
    match ac A C 5:0 Postponed
    match final A B 1:0 'Full Time' '{"round":"Final"}'
    match old A B 9:0 'Full Time' '{"season":"2025","starts_at":"2025-11-27T19:00:00Z"}'
    match next A B 0:0 Scheduled '{"season":"2027","starts_at":"2027-11-27T19:00:00Z"}'
    for result in 'A B 1:0' 'B C 9:0' 'A C 0:1' 'C D 2:0' 'D A 0:1'; do
        # shellcheck disable=SC2086 # words
        match "level${result//[ :]/}" $result 'Full Time' '{"competition":"Level"}'
    done
    match levelDB D B 0:0 'Second Half' '{"competition":"Level"}'
    for group in X Y; do
        match "g$group" "E$group" "F$group" 1:0 'Full Time' '{"competition":"Cup","group":"'$group'"}'
    done
    match g E1 F1 1:0 'Full Time' '{"competition":"Cup","round":"Matchday 1"}'
    goal ab goal '{"player":"P","team":"home"}'
    goal ab penalty '{"player":"P","team":"home"}'
    goal cd own-goal '{"player":"Q","team":"home"}'
    goal cd goal '{"player":"\"<i>","team":"away"}'
    goal da goal '{"player":"R","team":"home"}'
    goal da shootout-goal '{"player":"R","team":"home"}'
    echo "INSERT INTO match_events(match_id, type, data)
          SELECT 'da', 'goal', json_object('player', 'S', 'team', 'home', 'voids', id) FROM match_events WHERE data LIKE '%\"R\"%' AND type = 'goal';"
    goal old goal '{"player":"T","team":"home"}'
    goal ac goal '{"player":"U","team":"home"}'
    for minute in 10 20; do     # played again under its id
        goal bc kickoff '{}'
        goal bc goal '{"player":"V'$minute'","team":"home"}'
        [ "$minute" = 20 ] || goal bc fulltime '{}'
    done
    match bc B C 1:0 'First Half' '{"competition":"Again"}'
} >"$scratch/rows.sql"
sql "$(cat "$scratch/rows.sql")" >/dev/null || echo 'Bail out! no rows'
rows() { sqlite3 :memory: "SELECT group_concat(value ->> '$.place' || ' ' || (value ->> '$.was') || ' ' || (value ->> '$.team') || ' ' || (value ->> '$.played')
         || ' ' || (value ->> '$.difference') || ' ' || (value ->> '$.points') || iif(value ->> '$.live', ' live', ''), ', ') FROM json_each('$1', '$.tables[$2].rows')"; }

league=$(ask '/tables?competition=League')
is "$(rows "$league" 0)" '1 3 D 2 3 4 live, 2 1 A 2 -1 3 live, 3 2 C 1 0 1, 4 4 B 1 -2 0' 'a table counts matches in play, and names the place without them'
is "$(sqlite3 :memory: "SELECT json_array_length('$league', '$.tables'), '$league' -> '$.tables[0].rows[0]', '$league' ->> '$.last_id'")" \
    "1|{\"place\":1,\"was\":3,\"team\":\"D\",\"played\":2,\"won\":1,\"drawn\":1,\"lost\":0,\"goals_for\":4,\"goals_against\":1,\"difference\":3,\"points\":4,\"live\":true}|$(sql 'SELECT max(id) FROM match_events')" \
    'the table is the one of the last season that has begun'
is "$(rows "$(ask '/tables?competition=League&season=2025')" 0)" '1 1 A 1 9 3, 2 2 B 1 -9 0' 'season= selects another season'
is "$(ask /tables | grep -o '"competition":[^[]*' | xargs)" \
    'competition:Again,season:2026,rows: competition:Cup,season:2026,group:X,rows: competition:Cup,season:2026,group:Y,rows: competition:League,season:2026,rows: competition:Level,season:2026,rows:' \
    'each group has a table, and matches outside the groups are in none'
is "$(rows "$(ask '/tables?competition=Level')" 0)" '1 1 A 3 1 6, 2 2 C 3 -6 6, 3 3 B 3 8 4 live, 4 4 D 3 -3 1 live' 'level teams are ordered by the difference of goals'
sql "INSERT INTO rules(competition, head_to_head) VALUES ('Level', 1)"
is "$(rows "$(ask '/tables?competition=Level')" 0)" '1 1 C 3 -6 6, 2 2 A 3 1 6, 3 3 B 3 8 4 live, 4 4 D 3 -3 1 live' 'matches between level teams order them where a rule says so'
is "$(rows "$(ask '/tables?group=Y')" 0)" '1 1 EY 1 1 3, 2 2 FY 1 -1 0' 'group= selects one group'
sql "INSERT INTO rules(competition, win_points) VALUES ('League', 2); INSERT INTO deductions VALUES ('League', '2026', 'D', 5, NULL)"
is "$(rows "$(ask '/tables?competition=League')" 0)" '1 1 A 2 -1 2 live, 2 2 C 1 0 1, 3 3 B 1 -2 0, 4 4 D 2 3 -2 live' \
    'the rules of a competition and deducted points are in its table'

scorers=$(ask '/scorers?competition=League')
is "$(sqlite3 :memory: "SELECT group_concat(value ->> '$.place' || ' ' || (value ->> '$.player') || ' ' || (value ->> '$.team')
      || ' ' || (value ->> '$.goals') || ' ' || (value ->> '$.penalties'), ', ') FROM json_each('$scorers', '$.scorers')")" \
    '1 P A 2 1, 2 "<i> D 1 0, 2 S D 1 0' 'scorers have their penalties, but no own goals, shoot-outs, and goals that were taken back'
is "$(ask '/scorers?competition=Again' | grep -o '"player":"[^"]*"')" '"player":"V20"' 'in a match that is played again only the goals since then count'
is "$(ask '/scorers?competition=None')$(ask '/tables?competition=None' | cut -c1-12)" \
    "{\"scorers\":[],\"last_id\":$(sql 'SELECT max(id) FROM match_events')}{\"tables\":[]" 'an unknown competition has neither'
before=$(ask /scorers)
sql 'DROP INDEX match_events_by_void'
is "$(ask /scorers)" "$before" 'a database without the index of corrections has the same scorers'
sql "$(grep '^CREATE INDEX match_events_by_void' sql/schema.sql)"
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
     INSERT INTO match_events(match_id, type, data) SELECT 'ab', 'goal', json_object('player', printf('%0100d', i), 'team', 'home') FROM n"
is "$(ask '/scorers?competition=League' | grep -o '"place"' | wc -l)" 100 'thousands of scorers are sorted without a file, which the sandbox forbids'
done_testing
