#!/bin/bash
# Competitions: a table for each, its season and its groups, by its own rules; and who advances.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3

make_db
# played COMPETITION SEASON HOME AWAY SCORE SCORE [FIELDS] - the message of a finished match
number=0
played() {
    number=$((number + 1))
    sql "INSERT INTO match_events(match_id, data) VALUES ('m$number', json_patch(json_object('home_team', '$3', 'away_team', '$4',
         'score', json_object('home', $5, 'away', $6), 'time', '90', 'status', 'Full Time', 'competition', '$1', 'season', '$2',
         'starts_at', strftime('%Y-%m-%dT%H:%M:%SZ', '2026-01-01', '+$number days')), '${7:-{\}}'))"
}
# table COMPETITION [SEASON] - places, teams and points
table() { sql "SELECT ifnull(group_name || ': ', '') || group_concat(team || ' ' || points, ', ')
               FROM (SELECT * FROM league WHERE competition = '$1' ${2:+AND season = '$2'} ORDER BY season, group_name, place)
               GROUP BY season, group_name ORDER BY season, group_name"; }

played 'First League' 2026/27 A B 2 0
played 'First League' 2026/27 B C 1 1
played 'Second League' 2026/27 X Y 0 1
played 'First League' 2025/26 A B 0 4
is "$(table 'First League')" 'B 3, A 0
A 3, C 1, B 1' 'a table for each season'
is "$(table 'Second League')" 'Y 3, X 0' 'each competition has its own table'
played Cup 2026 A B 1 0 '{"group":"Group A","round":"Matchday 1"}'
played Cup 2026 C D 1 0 '{"group":"Group B","round":"Matchday 1"}'
played Cup 2026 B C 3 0 '{"round":"Final"}'
played Cup 2026 B D 3 0 '{"round":"Friendly"}'
is "$(table Cup)" 'Group A: A 3, B 0
Group B: C 3, D 0' 'and each group, in which nothing of no group counts'
for round in 'Finals, Round of 16' 'Playoffs, Matchday 1' 'Round of 32' 'Quarter-finals' 'Match for third place' 'Last 16' 'Viertelfinale' 'Qualifying, 2nd Round'; do
    played Champions 2026 A B 5 0 "{\"round\":\"$round\"}"
done
played Champions 2026 A B 0 1 '{"round":"League, Matchday 1"}'
is "$(table Champions)" 'B 3, A 0' 'knock-out rounds are in no table'

# Rules
played Old 1979/80 A B 1 0
played Old 1979/80 C D 1 1
sql "INSERT INTO rules(competition, season, win_points) VALUES ('Old', '1979/80', 2)"
is "$(table Old)" 'A 2, C 1, D 1, B 0' 'points for a win are a rule'
played Old 1980/81 A B 1 0
is "$(table Old 1980/81)" 'A 3, B 0' 'points for a win are a rule of one season'
sql "INSERT INTO rules(competition, win_points, draw_points) VALUES ('Old', 4, 2)"
is "$(table Old)" 'A 2, C 1, D 1, B 0
A 4, B 0' 'points for a win are a rule of every season that has no other'
sql "INSERT INTO deductions VALUES ('First League', '2026/27', 'A', 6, 'debts'), ('First League', '2026/27', 'C', -1, NULL)"
is "$(table 'First League' 2026/27)" 'C 2, B 1, A -3' 'deductions are taken off'
for result in 'A B 1 0' 'B C 9 0' 'A C 0 1' 'C D 2 0' 'D A 0 1' 'D B 0 0'; do
    # shellcheck disable=SC2086 # words
    played Level 2026 $result
done
is "$(table Level)" 'A 6, C 6, B 4, D 1' 'level teams are ordered by the difference of goals'
sql "INSERT INTO rules(competition, head_to_head) VALUES ('Level', 1)"
is "$(table Level)" 'C 6, A 6, B 4, D 1' 'matches between level teams order them where a rule says so'
for bad in "'x', '', 3, 1, 2, 0" "'x', '', 3, 1, 0, 5"; do
    like "$(sqlite3 "$db" "INSERT INTO rules VALUES ($bad)" 2>&1)" 'CHECK constraint failed: (head_to_head|away_goals) must be 0 or 1' "rules of $bad are refused"
done

# Who advances
ties() { sql "SELECT round, team1, goals1 || ':' || goals2 || ifnull(' (' || kicks1 || ':' || kicks2 || ')', ''), team2, advanced FROM ties WHERE competition = '$1'"; }
played One 2026 A B 2 1 '{"round":"Final"}'
is "$(ties One)" 'Final|A|2:1|B|A' 'the winner of one match advances'
played Kicks 2026 A B 1 1 '{"round":"Final","status":"After Penalties","shootout":{"home":3,"away":4}}'
is "$(ties Kicks)" 'Final|A|1:1 (3:4)|B|B' 'the winner of a shoot-out advances'
played Legs 2026 A B 2 1 '{"round":"Semi-finals, 1st Leg"}'
played Legs 2026 B A 2 0 '{"round":"Semi-finals, 2nd Leg"}'
is "$(ties Legs)" 'Semi-finals|A|2:3|B|B' 'the winner of two legs advances'
played Same 2026 A B 2 1 '{"round":"Finals, Round of 16"}'
played Same 2026 B A 1 0 '{"round":"Finals, Round of 16","status":"After Penalties","shootout":{"home":2,"away":4}}'
is "$(ties Same)" 'Finals, Round of 16|A|2:2 (4:2)|B|A' 'two matches of a round are two legs, and a shoot-out after the second decides'
played Away 2026 A B 2 1 '{"round":"Final, Leg 1"}'
played Away 2026 B A 1 0 '{"round":"Final, Leg 2"}'
is "$(ties Away)" 'Final|A|2:2|B|' 'no team advances from two legs that are level'
sql "INSERT INTO rules(competition, away_goals) VALUES ('Away', 1)"
is "$(ties Away)" 'Final|A|2:2|B|B' 'away goals decide a tie where a rule says so'
played Half 2026 A B 2 1 '{"round":"Playoffs, Matchday 1"}'
played Half 2026 B A 0 0 '{"round":"Playoffs, Matchday 2","status":"Scheduled"}'
is "$(ties Half)" 'Playoffs|A|2:1|B|' 'no team advances before the second leg'
played First 2026 A B 2 1 '{"round":"Playoffs","leg":1}'
is "$(ties First)" 'Playoffs|A|2:1|B|' 'a first leg alone decides nothing, also where the second leg is not known yet'
played Off 2026 A B 0 0 '{"round":"Final","status":"Abandoned"}'
played Off 2026 A B 1 2 '{"round":"Final"}'
is "$(ties Off)" 'Final|A|1:2|B|B' 'a match that was abandoned and replayed counts as the replay'
played Awarded 2026 A B 0 3 '{"round":"Final","status":"Awarded"}'
is "$(ties Awarded)" 'Final|A|0:3|B|B' 'an awarded match decides a tie'

# Documents
rm -f "$db"*
feeder -q -d "$db" load - <<<'{"name": "Cup 2025/26", "matches": [
    {"round": "Playoffs, Matchday 1", "date": "2026-02-11", "team1": "A", "team2": "B", "score": {"ft": [1, 0]}},
    {"round": "Playoffs, Matchday 2", "date": "2026-02-18", "team1": "B", "team2": "A", "score": {"ft": [1, 0], "et": [1, 0], "p": [2, 3]}}]}'
is "$(ties Cup)" 'Playoffs|A|1:1 (3:2)|B|A' "an openfootball document of two legs shows which team advances"
feeder -q -d "$db" load tests/fixtures/feeder/formats/openfootball-2022.json
is "$(sql "SELECT group_concat(team || ' ' || points) FROM (SELECT * FROM league WHERE competition = 'World Cup' AND group_name = 'Group C' ORDER BY place)")" \
    'Argentina 6,Poland 4,Mexico 4,Saudi Arabia 3' 'the table of a World Cup group is the real one'
is "$(sql "SELECT count(*), count(DISTINCT group_name), sum(played) FROM league WHERE competition = 'World Cup'") $(sql "SELECT count(*), sum(advanced IS NULL) FROM ties WHERE competition = 'World Cup'")" \
    '32|8|96 16|0' 'a World Cup has eight tables of 32 teams and 48 matches, and 16 matches that decide'
is "$(sql "SELECT advanced FROM ties WHERE round = 'Final'")" Argentina 'the winner of the final is the one who advanced'
is "$(sql "SELECT player, goals FROM scorers WHERE competition = 'World Cup' AND season = '2022' LIMIT 2" | tr '\n' ' ')" 'Lionel Messi|7 Kylian Mbappé|6 ' 'the scorers of a competition have their names as the document spells them'
done_testing
