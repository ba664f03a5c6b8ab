#!/bin/bash
# The table statuses: the words of many sources, with one meaning for schema, programs and page; and
# valid times.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 node

make_db
# state STATUS [CLOCK] - from match_states
state() {
    sql "INSERT INTO match_events(match_id, data) VALUES ('s', json_object('status', '$1', 'time', '${2-}'));
         SELECT state FROM match_states WHERE match_id = 's'"
}
states() { local word; for word; do state "$word"; done | uniq | tr '\n' ' '; }
is "$(states NS TBD SCHEDULED TIMED 'Not Started' Delayed Pending)" 'upcoming ' 'a match to come is upcoming in the words of several sources'
is "$(states 1H HT 2H ET BT P LIVE SUSP INT IN_PLAY PAUSED EXTRA_TIME PENALTY_SHOOTOUT INPLAY_1ST_HALF INPLAY_ET_2ND_HALF PEN_BREAK 'Second Half')" \
    'live ' 'a match in play is live in the words of several sources'
is "$(states FT AET PEN FT_PEN AWD WO FINISHED AWARDED awarded Walkover 'After Extra Time' Final)" 'finished ' 'a match that is over is finished in the words of several sources'
is "$(states PST CANC ABD POSTPONED CANCELLED canceled abandoned 'Called off')" 'off ' 'a match that is off is off in the words of several sources'
is "$(state 'Ikke kendt') $(state 'Ikke kendt' 23:00) $(state '')" 'upcoming live live' 'an unknown status is live only with a clock'
like "$(feeder -d "$db" check 2>&1; echo $?)" "$db: the status \"Ikke kendt\" of 2 messages is unknown, .*: 'INSERT INTO statuses\(word, state\) VALUES \('ikkekendt', 'finished'\)' in sqlite3 .*0\$" \
    'check lists an unknown status, and does not count it as a finding'
sql "INSERT INTO statuses(word, state) VALUES ('ikkekendt', 'finished')"
is "$(state 'Ikke  Kendt' 23:00) $(feeder -d "$db" check 2>&1)" "finished feeder: $db: 0 findings, 0 repaired" 'the INSERT that check names makes a status known'
for bad in "'Kendt', 'live'" "'a b', 'live'" "'x', 'odd'" "'', 'live'"; do
    like "$(sqlite3 "$db" "INSERT INTO statuses(word, state) VALUES ($bad)" 2>&1)" 'CHECK constraint failed: (word|state) must be' "a status of $bad is refused"
done

# The page's table is the same
bash -c "printf 'GET /statuses.js HTTP/1.0\r\n\r\n' | livescore -d '$db'" 2>/dev/null | sed '1,/^\r$/d' >"$scratch/statuses.mjs"
is "$(node --input-type=module -e "import { STATUSES } from '$scratch/statuses.mjs';
      for (const [word, [state, event, until]] of STATUSES) console.log([word, state, event ?? '', until ?? ''].join('|'))" | sort)" \
    "$(sql "SELECT word, state, event, until FROM statuses WHERE word <> 'ikkekendt'" | sort)" 'the page has all of them, as they are'

is "$(bash -c "printf 'GET /matches HTTP/1.0\r\n\r\n' | livescore -d '$db'" 2>/dev/null | sed '1,/^\r$/d' | grep -o '"status":"Ikke  Kendt","state":"[a-z]*"')" \
    '"status":"Ikke  Kendt","state":"finished"' 'the scoreboard tells the state of a match whose status was added'

# The words that programs write, and their events
is "$(sql "SELECT count(*), count(DISTINCT event) = count(*), sum(replace(replace(lower(name), ' ', ''), '-', '') <> word) FROM statuses WHERE name IS NOT NULL")" '12|1|0' \
    'each event has exactly one named status, whose word is its own'
is "$(sql "SELECT count(*) FROM statuses WHERE event NOT IN (SELECT event FROM statuses WHERE name IS NOT NULL)")" 0 'every event in the table has a status that programs write'
for status in 'First Half' 'Half Time' 'Second Half' 'Extra Time' 'Penalty Shoot-out' 'Full Time' 'After Extra Time' 'After Penalties' Scheduled Suspended; do
    grep -qF "'$status'" sql/import/*.sql
    is "$? $(sql "SELECT count(*) FROM statuses WHERE word = replace(replace(lower('$status'), ' ', ''), '-', '')")" '0 1' "the formats' $status is known"
done

# Formats know words that people added; a document is read again after that
echo '{"name":"L 2026","matches":[{"date":"2026-03-01","team1":"E","team2":"F","score":{"ft":[1,0]},"goals1":[{"name":"P","minute":9}],"goals2":[],"status":"Odlo\u017een po kraju"}]}' >"$scratch/own.json"
{
    echo '{"matches":[{"id":1,"utcDate":"2026-11-27T15:00:00Z","status":"VARCHECK","minute":50,"homeTeam":{"id":1,"name":"A"},"awayTeam":{"id":2,"name":"B"},'
    echo '"score":{"duration":"REGULAR","fullTime":{"home":1,"away":0},"halfTime":{"home":0,"away":0}}}]}'
} >"$scratch/own-fd.json"
told() { feeder -q -d "$db" load "$scratch/own.json" && feeder -q -d "$db" load "$scratch/own-fd.json" && sql "SELECT status, home_score, clock FROM matches WHERE match_id IN ('l-2026.e.f', 'football-data-1') ORDER BY match_id;
        SELECT player FROM scorers WHERE competition = 'L'"; }
is "$(told)" $'Varcheck|1|50\nOdložen po kraju|1|' 'an unknown status is passed on, with the score'
sql "INSERT INTO statuses(word, state, event) VALUES ('odloženpokraju', 'finished', 'fulltime'), ('varcheck', 'live', 'halftime')"
is "$(told)" $'Half Time|1|50\nFull Time|1|90\nP' 'the same documents are read by the words that were added since'
sql "UPDATE statuses SET state = 'off', event = 'cancelled' WHERE word = 'odloženpokraju'"
is "$(told)" $'Half Time|1|50\nOdložen po kraju|1|' 'documents are read by a word whose meaning was changed'
is "$(feeder -q -d "$db" load --every 0 "$scratch/own-fd.json"; sql "SELECT status FROM matches WHERE match_id = 'football-data-1'")" 'Half Time' 'a document that is played is read by them too'

# Times
# update FIELDS - loads an update with them; prints feeder's output and exit code
update() {
    feeder -q -d "$db" load - <<<"{\"match_id\":\"t\",\"home_team\":\"A\",\"away_team\":\"B\",\"score\":{\"home\":1,\"away\":0},\"time\":\"1:00\",\"status\":\"First Half\",$1}" 2>&1
    echo $?
}
for good in 2026-11-28T18:30Z 2026-11-28T18:30:00Z 2026-11-28T19:30+01:00 2026-11-28T19:30:00.000+01:00 2026-11-28T15:00-03:30; do
    is "$(update "\"starts_at\":\"$good\"") $(sql "SELECT starts_at FROM matches WHERE match_id = 't'")" '0 2026-11-28T18:30:00Z' "starts_at $good is the instant that it says"
done
is "$(update '"starts_at":null')" 0 'a starts_at of null is taken'
for bad in '"2026-11-28T18:30"' '"2026-11-28T18:30:00"' '"2026-11-28"' '"2026-11-28 18:30Z"' 1764354600 1764354600000 '"1764354600"' '"28.11.2026 18:30"' \
    '"18:30"' '"now"' '""' '"2026-02-30T18:30Z"' '"2026-11-28T25:00Z"' '"2026-11-28T18:30+0100"' '"2026-11-28T18:30 CET"' '{"date":"2026-11-28"}' '[]' true; do
    like "$(update "\"starts_at\":$bad")" 'starts_at: expected day, hour and zone, such as "2026-11-28T18:30:00Z" or .*, found .*65$' "starts_at $bad is refused, with the form that is wanted"
done
like "$(feeder -q -d "$db" load --merge - 2>&1 <<<'{"match_id":"t","home_team":"A","away_team":"B","score":{"home":1,"away":0},"time":"1:00","status":"First Half","starts_at":"2026-11-28"}'; echo $?)" \
    'starts_at: expected day, hour and zone.*65$' 'a starts_at that is not an instant is refused in a merged document'
is "$(update '"local_time":"2026-11-28"') $(update '"local_time":"2026-11-28 18:30"') $(sql "SELECT local_time, starts_at FROM matches WHERE match_id = 't'")" \
    '0 0 2026-11-28 18:30|' 'the time of a place is a day, or day and hour'
for bad in '"18:30"' '"2026-11-28 9:30"' '"2026-11-28T18:30Z"' '"2026-02-30"' 20261128; do
    like "$(update "\"local_time\":$bad")" 'local_time: expected a day, or day and hour, .*65$' "local_time $bad is refused"
done
like "$(feeder -d "$db" add t2 kickoff '{"home_team":"A","away_team":"B","starts_at":"28.11.2026 18:30"}' 2>&1; echo $?)" \
    '^feeder: the match would become invalid: starts_at: expected day, hour and zone.*65$' 'feeder add refuses a starts_at that is not an instant'
like "$(update '"leg":"first"')" 'leg: expected an integer.*65$' 'a leg that is not a number is refused'
done_testing
