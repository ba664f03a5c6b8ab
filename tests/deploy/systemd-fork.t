#!/bin/bash
# livescore-fork.socket and livescore-fork.service, on a real systemd: one process accepts,
# and forks for each viewer.
# tags: once systemd slow

. tests/lib/lib.sh
. tests/lib/systemd.sh

socket=livescore-fork.socket
viewer=livescore-fork.service
resident=1 # the listener
no_viewer() { [ "$(systemctl is-active livescore-fork.service)" = inactive ]; }
upgrades() { systemctl restart livescore-fork.service && systemctl try-restart livescore-poll; }
allows_more() {
    echo 'LIVESCORE_OPTIONS=--max-per-client 1000' >/etc/default/livescore
    systemctl restart livescore-fork.service
    cp systemd/livescore.default /etc/default/livescore
}

two_have_it() { [ "$(cat "$scratch"/s[1-3] | grep -c '^data: .*"m1"')" -eq 2 ]; }

one_service_has_all() {
    local i
    for i in 1 2 3; do stream "s$i" "$url/livescore?after=latest"; done
    for i in 1 2 3; do eventually shows "s$i" '^id: '; done
    is "$(systemctl show -p ActiveState,Type,User livescore-fork.service | sort | xargs)" \
        'ActiveState=active Type=notify User=livescore' 'one service has said that it is ready'
    is "$(wc -l </sys/fs/cgroup/system.slice/livescore-fork.service/cgroup.procs)" $((3 + resident)) 'in which each viewer is a process'
    kill -KILL "$(pgrep -n -u livescore)"
    message m1 2 0
    eventually two_have_it; ok $? 'if one is killed the others go on'
    is "$(systemctl is-active livescore-fork.service)" active 'the service goes on when one of its processes is killed'
    systemctl restart livescore-fork.service
}

is_hardened() {
    systemd-analyze --no-pager security --threshold=10 livescore-fork.service livescore-poll.service \
        livescore-prune.service feeder-demo.service >"$scratch/security"
    ok $? 'its exposure is 1.0 or below, and so is that of the units that write' || diag "$(grep Overall "$scratch/security")"
    systemctl start livescore.socket
    is "$(systemctl is-active livescore.socket livescore-fork.socket livescore-fork.service | xargs)" 'active inactive inactive' \
        'the other pair takes its place'
    systemctl start $socket
    is "$(systemctl is-active livescore.socket livescore-fork.socket | xargs)" 'inactive active' 'the first pair takes its place back'
    is "$(status_of "$url/healthz")" 200 'the first pair serves again'
}

first() {
    is_installed
    streams
    one_service_has_all
    has_two_users
    limits 100
    takes_a_rush
    loses_no_row
    listens_on_a_unix_socket
    fails_well
    upgrades_an_old_installation
    is_hardened
}

second() {
    is_back_after_a_reboot
    leaves_nothing
}

two_boots "$@"
