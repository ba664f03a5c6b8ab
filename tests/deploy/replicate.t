#!/bin/bash
# feeder-replicate.service, on a real systemd: it follows an origin on the network, whatever ends, and stops when
# only a person can help.
# tags: once systemd slow

. tests/lib/lib.sh
. tests/lib/systemd.sh
. tests/lib/document.sh

origin=$scratch/origin.db
cursor() { as_feeder cursor; }
is_up_to() { [ "$(cursor)" = "$(feeder -d "$origin" cursor)" ]; }
state() { systemctl show -p "$1" --value feeder-replicate; }
is_failed() { [ "$(state ActiveState)" = failed ]; }
replica() { sed 's|.*|/proc/&/comm|' "/sys/fs/cgroup$(state ControlGroup)/cgroup.procs" | xargs grep -lsx feeder | cut -d / -f 3; }

first() {
    copied systemd/README.md sh 1 -e '/feeder init/d'
    ok $? 'the commands of systemd/README.md install it' || diag "$(cat "$scratch/copied")"
    feeder -q -d "$origin" load tests/data/matches.json
    start livescore -d "$origin" -l 127.0.0.1:8002 --heartbeat 1s 2>"$scratch/service.log"
    service=$!
    eventually curl -s -o "$scratch/body" http://127.0.0.1:8002/healthz
    copied systemd/README.md sh 3 -e 's|https://origin.example|http://127.0.0.1:8002|'
    ok $? 'the commands of systemd/README.md make it an edge' || diag "$(cat "$scratch/copied")"
    eventually is_up_to; ok $? 'an edge gets the rows of its origin' || diag "$(journalctl -q -o cat -u feeder-replicate | tail -5)"
    is "$(stat -c '%U:%G %a' $db)" 'feeder:feeder 664' "the database of an edge is feeder's"
    is "$(systemd-analyze verify feeder-replicate.service 2>&1)" '' 'systemd finds nothing wrong with the unit'
    stream viewer http://127.0.0.1:8000/livescore?after=latest
    eventually shows viewer '^: livescore'
    feeder -q -d "$origin" add m1 kickoff '{"home_team":"Ajax","away_team":"PSV"}'
    eventually shows viewer '^event: kickoff'; ok $? 'a row of the origin arrives at a viewer of the edge'
    kill "$client"

    victim=$(replica)
    kill -KILL "$victim"
    feeder -q -d "$origin" add m1 goal '{"team":"home"}'
    eventually is_up_to; ok $? 'an edge whose replica is killed goes on'
    kill -TERM "$service"; wait "$service"
    feeder -q -d "$origin" add m1 goal '{"team":"home"}'
    eventually journal_has "[Ff]ailed to connect|[Cc]ouldn't connect"; ok $? 'the journal says why an origin cannot be reached'
    start livescore -d "$origin" -l 127.0.0.1:8002 --heartbeat 1s 2>>"$scratch/service.log"
    service=$!
    eventually is_up_to; ok $? 'an edge catches up when its origin is back'

    systemctl stop feeder-replicate
    is "$(state Result)" success 'an edge can be stopped'
    for _ in 1 2 3; do feeder -q -d "$origin" add m1 goal '{"team":"away"}'; done
    feeder -q -d "$origin" prune --keep-last 2
    before=$(cursor)
    systemctl start feeder-replicate
    eventually is_failed; ok $? 'an edge whose origin cannot continue its log stops'
    is "$(state ExecMainStatus) $(cursor)" "79 $before" 'an edge that stops says why, and keeps its log'
    eventually journal_has "can't continue from row $before"; ok $? 'the journal says from which row the origin cannot continue'
    echo LIVESCORE_REBUILD=yes >>/etc/default/livescore
    systemctl start feeder-replicate
    eventually is_up_to; ok $? 'with LIVESCORE_REBUILD=yes an edge rebuilds its log'
    is "$(sql 'SELECT count(*) FROM match_events')" "$(sqlite3 "$origin" 'SELECT count(*) FROM match_events')" 'a rebuilt log has the rows of its origin'
    feeder -q -d "$origin" add m1 goal '{"team":"home"}'
    eventually is_up_to; ok $? 'an edge that has rebuilt its log follows its origin'

    sql "DELETE FROM meta WHERE key = 'replica'"
    as_feeder -q add m1 goal '{"team":"home"}'
    feeder -q -d "$origin" add m1 goal '{"team":"home"}'
    eventually is_failed; ok $? 'an edge that was made an origin does not follow another'
    is "$(state ExecMainStatus)" 78 'an edge that was made an origin says that in the journal'
    done_testing
}

if [ $# -gt 0 ]; then first; fi
need curl make sqlite3 systemctl unshare
in_systemd
