#!/bin/bash
# livescore.socket and livescore@.service, on a real systemd: each viewer is an instance, and
# nothing else runs.
# tags: once systemd slow

. tests/lib/lib.sh
. tests/lib/followers.sh
. tests/lib/systemd.sh
. tests/lib/document.sh

socket=livescore.socket
viewer=livescore@.service
instances() { systemctl list-units --all --plain --no-legend 'livescore@*' | wc -l; }
five() { [ "$(instances)" -eq 5 ]; }
no_viewer() { [ "$(instances)" -eq 0 ]; }
upgrades() { systemctl stop 'livescore@*' && systemctl try-restart livescore-poll; }
allows_more() {
    drop_in livescore.socket '[Socket]' MaxConnectionsPerSource=1000 && systemctl restart livescore.socket
}

each_viewer_is_an_instance() {
    local i
    for i in 1 2 3 4 5; do stream "s$i" "$url/livescore?after=latest"; done
    for i in 1 2 3 4 5; do eventually shows "s$i" '^id: '; done
    eventually five; ok $? 'five viewers are five instances' # systemd forgets earlier ones a moment later
    is "$(systemctl show -p User --value 'livescore@*' | sort -u | xargs)" livescore 'viewers run as the user livescore'
    message m1 2 0
    for i in 1 2 3 4 5; do eventually shows "s$i" '^data: .*"m1"' || diag "viewer $i"; done
    is "$(cat "$scratch"/s[1-5] | grep -c '^data: .*"m1"')" 5 'a row reaches each of five viewers'
    systemctl restart $socket
    message m1 3 0
    if [ "$(systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')" -lt 253 ]; then
        eventually shows s1 '^data: .*"m1"' 2; ok $? 'viewers continue when their socket is restarted'
    else
        wait "$client"; is $? 0 'a restart of their socket ends viewers cleanly'
    fi
    systemctl stop 'livescore@*'
    eventually no_viewer; ok $? 'systemctl stop ends all viewers'
}

plays_a_demo() {
    local before
    before=$(sql 'SELECT max(id) FROM match_events')
    systemctl start feeder-demo
    eventually sh -c "[ \$(sqlite3 $db 'SELECT max(id) FROM match_events') -gt $before ]"; ok $? 'feeder-demo plays matches'
    systemctl stop feeder-demo
    is "$(systemctl show -p Result --value feeder-demo)" success 'feeder-demo can be stopped'
}

takes_the_connection_as_3() {
    drop_in livescore@.service '[Service]' StandardInput=null StandardOutput=journal
    stream three "$url/livescore"
    eventually shows three '^id: '; ok $? 'a connection in LISTEN_FDS instead of standard input is served'
    message m1 4 0
    eventually shows three '"home":4'; ok $? 'a connection in LISTEN_FDS gets rows as they come'
    kill "$client"
    eventually no_viewer; ok $? 'a viewer ends when its client closes the connection'
}

prunes() {
    systemctl start livescore-prune.timer
    is "$(systemctl is-active livescore-prune.timer)" active 'the timer that prunes can be started'
    systemctl start livescore-prune
    is "$(sql 'SELECT min(id) FROM match_events')" 1 'livescore-prune leaves rows that are not old'
    echo 'LIVESCORE_PRUNE=--older-than 0' >/etc/default/livescore
    systemctl start livescore-prune; ok $? 'livescore-prune takes its settings from /etc/default/livescore'
    is "$(sql 'SELECT count(*) FROM match_events')" 0 'livescore-prune deletes what its settings say'
    cp systemd/livescore.default /etc/default/livescore
    message m1 3 0
}

# The sandbox of a unit that writes may refuse what SQLite and feeder try with the files, but must not kill it.
writes_in_a_unit() {
    local command killed=''
    for command in 'add m1 corner {}' 'check' 'status' "backup --force ${db%/*}/unit.db" 'simulate --rate 100 --for 1s' 'prune --older-than 7d' 'upgrade'; do
        sed "s|^ExecStart=.*|ExecStart=/usr/local/bin/feeder $command|" /usr/local/lib/systemd/system/livescore-prune.service >/run/systemd/system/writer.service
        systemctl daemon-reload
        rm -f "$db-wal" "$db-shm"
        sqlite3 -cmd '.filectrl persist_wal 1' "$db" 'SELECT max(id) FROM match_events' >"$scratch/persistent"
        systemctl start writer || killed="$killed ${command%% *}: $(systemctl show -p Result --value writer)"
    done
    is "$killed" '' 'feeder runs in a unit as hardened as livescore-prune, after the sqlite3 of root'
}

first() {
    is_installed
    streams
    survives_storms
    each_viewer_is_an_instance
    has_two_users
    limits 100
    takes_a_rush
    loses_no_row
    listens_on_a_unix_socket
    takes_the_connection_as_3
    fails_well
    upgrades_an_old_installation
    plays_a_demo
    writes_in_a_unit
    prunes
}

second() {
    is_back_after_a_reboot
    leaves_nothing
}

two_boots "$@"
