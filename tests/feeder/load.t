#!/bin/bash
# feeder load: the rows of an update; a load is all or nothing.
LEAKS=0
. tests/lib/lib.sh
need sqlite3 jq

query() { sqlite3 "$db" "$1"; }
load() { feeder -q -d "$db" load "$@"; }
fixture=tests/fixtures/feeder/match.json

is "$(load $fixture 2>&1; echo $?)" 0 'load -q says nothing'
is "$(query 'SELECT group_concat(type) FROM (SELECT type FROM match_events ORDER BY id)')" \
    'message,kickoff,message,goal,var,drinks-break,message,message,message,halftime,message' \
    'events come before the status, and the message last; only a new meaning of the status is a row'
is "$(query "SELECT data FROM match_events WHERE type = 'message' ORDER BY id")" "$(jq -c '.[]' $fixture | sed 's/1\.5}/1.50}/')" \
    'a message is the update itself, minified, to the digit'
teams='"match_id":"m1","home_team":"Ajax","away_team":"PSV \"Eindhoven\""'
is "$(query "SELECT data FROM match_events WHERE type = 'goal'")" \
    "{$teams,\"score\":{\"home\":1,\"away\":0},\"time\":\"23:15\",\"team\":\"home\",\"player\":\"Þórr Ångström\",\"assist\":null}" \
    'an event gets match, teams and score, and keeps its own fields, nulls too, but for the type'
is "$(query "SELECT match_id, data FROM match_events WHERE type = 'var'")" \
    "m1|{$teams,\"score\":{\"home\":0,\"away\":0},\"note\":{\"a\":{\"b\":[1,2]}}}" \
    'its own score counts, its own match does not'
is "$(query "SELECT data FROM match_events WHERE type = 'drinks-break'")" "{$teams,\"score\":{\"home\":1,\"away\":0}}" \
    'an event with only a type is a row'
is "$(query "SELECT data FROM match_events WHERE type = 'halftime'")" \
    "{$teams,\"score\":{\"home\":1,\"away\":0},\"time\":\"45:00\",\"status\":\"Half-Time\"}" \
    'a change of status tells time and status'

update() { # update [STATUS [EVENTS [MATCH]]]
    printf '{"match_id":"%s","home_team":"A","away_team":"B","score":{"home":0,"away":0},"time":"1:00","status":"%s","events":%s}\n' \
        "${3:-s}" "$1" "${2:-[]}"
}
rm -f "$db"*
for status in 'Scheduled' 'Kick-off' 'HT' '2nd Half' 'Extra Time' 'Penalty Shoot-out' 'After Penalties' 'Scheduled' \
    'Postponed' 'Not Started' 'postponed' 'In Doubt' 'POSTPONED' 'Abandoned' 'Suspended' 'Delayed' 'Canceled'; do
    update "$status"
done | load -
is "$(query "SELECT group_concat(type) FROM (SELECT type FROM match_events WHERE type <> 'message' ORDER BY id)")" \
    'kickoff,halftime,secondhalf,extra-time,shootout,fulltime,postponed,postponed,abandoned,suspended,delayed,cancelled' \
    'each status has its type, and an unknown one does not interrupt another'
update 'Full Time' '[{"type":"fulltime","by":"referee"}]' own | load -
is "$(query "SELECT group_concat(type) FROM (SELECT type FROM match_events WHERE match_id = 'own' ORDER BY id)")" 'fulltime,message' \
    'an event that brings the status already is not repeated'

# Both forms of input
rm -f "$db"*
load tests/data/matches.json
query 'SELECT match_id, type, data FROM match_events ORDER BY id' >"$scratch/array"
rm -f "$db"*
jq -c '.[]' tests/data/matches.json | sed 's/$/\r/; 3s/$/\n\n  /' | load -
query 'SELECT match_id, type, data FROM match_events ORDER BY id' >"$scratch/lines"
cmp "$scratch/array" "$scratch/lines"
ok $? 'one per line, with CRLF and empty lines, gives the same rows as an array'
rm -f "$db"*
{ printf '\xef\xbb\xbf'; cat tests/data/matches.json; } | load -
query 'SELECT match_id, type, data FROM match_events ORDER BY id' >"$scratch/bom"
cmp "$scratch/array" "$scratch/bom"
ok $? 'a byte order mark is ignored'
like "$(feeder -d "$db" load - 2>&1 <<<'[]')" '^feeder: standard input: 0 updates, 0 rows, in [0-9.]+ s$' 'an empty array is accepted'
like "$(update FT | feeder -d "$scratch/new.db" load - 2>&1)" \
    "^feeder: $scratch/new.db: created.feeder: standard input: 1 update, 2 rows, in [0-9.]+ s$" \
    'load creates a missing database, and prints a summary'

# All or nothing
rm -f "$db"*
feeder -q -d "$db" init
for bad in '{' '{"match_id":"x"}' '[]' 'x' $'\xff'; do
    { for i in {1..300}; do update 'First Half' '[{"type":"goal"}]' "m$i"; done; echo "$bad"; } | load - 2>/dev/null
    is "$? $(query 'SELECT count(*), (SELECT count(*) FROM matches) FROM match_events')" '65 0|0' \
        "300 good updates and one that is ${bad@Q} insert nothing"
done
new=$scratch/none.db
for how in '' '--every 0' '--speed 1000' '--merge'; do
    for bad in '{' '{"match_id":"x"}' 'x' '' '[3]' "$(update FT '[{"type":"Goal"}]')"; do
        # shellcheck disable=SC2086 # options are words
        like "$(feeder -d "$new" load $how - 2>&1 <<<"$bad"; echo $?; ls "$scratch"/none.db* 2>&1)" '^feeder: standard input: .*.65.ls: ' \
            "load ${how:-at once} makes no database for a first update that is ${bad@Q}"
    done
    # shellcheck disable=SC2086 # options are words
    { update 1H '[{"type":"goal"}]'; update HT; } | feeder -q -d "$new" load $how -
    is "$? $(sqlite3 "$new" 'SELECT group_concat(type) FROM (SELECT type FROM match_events ORDER BY id)')" \
        "0 $([ "$how" = --merge ] && echo goal,kickoff,halftime,message || echo goal,kickoff,message,halftime,message)" "load ${how:-at once} makes one for updates that are good, and puts in each of them once"
    rm "$new"*
done

# The limit of an update: 1 MiB as written
sized() { # sized BYTES
    local head='{"match_id":"big","home_team":"A","away_team":"B","score":{"home":0,"away":0},"time":"","status":"","pad":"'
    printf '%s' "$head"
    head -c $(($1 - ${#head} - 2)) /dev/zero | tr '\0' x
    printf '"}'
}
sized 1048576 | load -
is "$? $(query "SELECT length(data) FROM match_events")" '0 1048576' 'an update of 1 MiB is taken'
{ echo '['; sized 1048576; echo ,; sized 1048576; echo ']'; } | load -
is "$? $(query "SELECT count(*) FROM match_events")" '0 3' 'two updates of 1 MiB in an array are taken'
like "$(sized 1048577 | load - 2>&1; echo $?)" 'update 1 is larger than 1048576 bytes.65$' 'an update of one byte more than 1 MiB is refused'
is "$(query "SELECT count(*) FROM match_events")" 3 'an update that is too large is not inserted'

# One per line, they are loaded as they arrive: more than fit into memory
large() { # 13,000 updates of 8 KiB
    awk 'BEGIN { for (pad = "x"; length(pad) < 8192; pad = pad pad) {}
                 for (i = 0; i < 13000; i++)
                     print "{\"match_id\":\"m" i % 7 "\",\"home_team\":\"A\",\"away_team\":\"B\",\"score\":{\"home\":0,\"away\":0}," \
                           "\"time\":\"\",\"status\":\"\",\"pad\":\"" pad "\"}" }'
}
if [ -z "$sanitized" ]; then
    rm -f "$db"*
    large | (ulimit -v 98304; load -)
    is "$? $(query "SELECT count(*) FROM match_events")" '0 13000' '106 MB of updates are loaded in 96 MiB of address space'
    { printf '{"a":"'; head -c 100000000 /dev/zero | tr '\0' x; printf '"}\n'; } | (ulimit -v 65536; load -) >"$scratch/said" 2>&1
    like "$(cat "$scratch/said")" 'larger than 1048576' 'a line of 100 MB is refused in 64 MiB of address space'
fi
done_testing
