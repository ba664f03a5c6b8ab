#!/bin/bash
# livescore-fork.socket and livescore-fork.service, on a real systemd: one process accepts
# and forks for each viewer.
# tags: once systemd slow

. tests/lib/lib.sh
. tests/lib/followers.sh
. tests/lib/systemd.sh
. tests/lib/document.sh

socket=livescore-fork.socket
viewer=livescore-fork.service
resident=2 # the listener and its parent
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
        'ActiveState=active Type=notify User=livescore' 'the one service of three viewers has said that it is ready'
    is "$(wc -l </sys/fs/cgroup/livescore.slice/livescore-fork.service/cgroup.procs)" $((3 + resident)) 'each viewer is a process of the one service'
    kill -KILL "$(pgrep -n -u livescore)"
    message m1 2 0
    eventually two_have_it; ok $? 'the other viewers go on when one is killed'
    is "$(systemctl is-active livescore-fork.service)" active 'the service goes on when one of its processes is killed'
    systemctl restart livescore-fork.service
}

reloads() {
    local before program=/usr/local/bin/livescore
    before=$(poller)
    stream kept "$url/livescore?after=latest"
    eventually shows kept '^id: '
    make -s install && systemctl daemon-reload && systemctl reload livescore-fork; ok $? 'an upgrade is put in place by a reload'
    eventually journal_has '^reloaded: process '; ok $? 'the journal has a line for a reload'
    eventually other_poller "$before"; ok $? 'a reload replaces the poller, too'
    is "$(status_of "$url/healthz")" 200 'new viewers are served after a reload'
    corner 50
    eventually shows kept '"n":50'; ok $? 'a viewer from before a reload gets new rows'
    mv $program $program.good && printf '#!/bin/sh\nexit 3\n' >$program && chmod 755 $program
    ! systemctl reload livescore-fork 2>"$scratch/refused"; ok $? 'the reload of a program that cannot start fails'
    corner 51
    eventually shows kept '"n":51'; ok $? 'viewers go on when a reload fails'
    mv $program.good $program
    systemctl restart livescore-fork.service
    wait "$client"; is $? 0 'a restart ends the viewers of all programs cleanly'
}

are_told() { [[ $(curl -s http://127.0.0.1:9464/metrics | grep -E '^livescore_(connections|poller_alive_seconds) ') =~ livescore_connections\ 1.*livescore_poller_alive_seconds\ 0 ]]; }
has_metrics() {
    local file=/var/lib/prometheus/node-exporter/livescore.prom
    copied systemd/README.md sh 5; ok $? 'the socket of metrics can be added to a service that runs' || diag "$(cat "$scratch/copied")"
    stream measured "$url/livescore?after=latest"
    eventually shows measured '^id: '
    eventually are_told; ok $? 'the socket of metrics has those of the service and its poller'
    is "$(status_of "$url/metrics") $(status_of http://127.0.0.1:9464/)" '404 404' 'neither socket has the routes of the other'
    mkdir -p "${file%/*}"
    copied systemd/README.md sh 6
    eventually test -e $file; ok $? 'a timer writes metrics to a file'
    like "$(stat -Lc '%U %a' $file) $(grep -c '^livescore_log_rows ' $file) $(grep -c '^livescore_connections ' $file)" '^feeder 644 1 0$' \
        'the file of metrics can be read by all, and does not claim to know the connections'
    systemctl disable -q --now livescore-metrics.socket feeder-metrics.timer 2>"$scratch/disabled"
    kill "$client"
}

# As 'feeder help token' says.
takes_tokens() {
    local token
    token=$(PATH=/usr/local/bin:$PATH && eval "$(feeder help token | sed -n 's/^  \(feeder token new .*desk\)$/\1/p')")
    echo 'LIVESCORE_OPTIONS=--token-file /etc/livescore/tokens' >/etc/default/livescore
    systemctl restart $socket
    is "$(status_of "$url/matches") $(status_of "$url/matches?token=$token")" '401 200' 'a token that root adds in /etc/livescore is accepted at once'
    cp systemd/livescore.default /etc/default/livescore && rm -r /etc/livescore && systemd-tmpfiles --create && systemctl restart $socket
    is "$(status_of "$url/matches")" 200 'without --token-file, no token is needed'
}

names_its_socket_of_metrics() {
    echo 'LIVESCORE_OPTIONS=--metrics 127.0.0.1:9464' >/etc/default/livescore
    ! systemctl restart $socket 2>"$scratch/refused" && journal_has '^--metrics 127\.0\.0\.1:9464: .*: under systemd, remove it: livescore-metrics\.socket '
    ok $? 'a socket of metrics in the options is refused, and the journal names the unit that has one'
    cp systemd/livescore.default /etc/default/livescore
    systemctl start $socket
}

listens_for_a_proxy() {
    local edits=/etc/systemd/system/$socket.d
    mkdir -p "$edits" && block systemd/README.md ini 1 >"$edits/proxy.conf" && systemctl daemon-reload
    is "$(systemctl show -p Listen --value $socket)" '127.0.0.1:8000 (Stream)' 'a socket with the lines of systemd/README.md listens on loopback only'
    rm -r "$edits" && systemctl daemon-reload
}

is_hardened() {
    systemd-analyze --no-pager security --threshold=10 livescore-fork.service livescore-poll.service \
        livescore-prune.service feeder-demo.service >"$scratch/security"
    ok $? 'no unit that listens or writes has an exposure above 1.0' || diag "$(grep Overall "$scratch/security")"
    systemctl start livescore.socket
    is "$(systemctl is-active livescore.socket livescore-fork.socket livescore-fork.service | xargs)" 'active inactive inactive' \
        'to start the other pair of units ends the first'
    systemctl start $socket
    is "$(systemctl is-active livescore.socket livescore-fork.socket | xargs)" 'inactive active' 'starting the first pair of units ends the other'
    is "$(status_of "$url/healthz")" 200 'the first pair of units serves again'
}

first() {
    is_installed
    streams
    survives_storms
    one_service_has_all
    has_two_users
    limits 100
    takes_a_rush
    loses_no_row
    reloads
    has_metrics
    takes_tokens
    listens_for_a_proxy
    listens_on_a_unix_socket
    fails_well
    upgrades_an_old_installation
    names_its_socket_of_metrics
    is_hardened
}

second() {
    is_back_after_a_reboot
    leaves_nothing
}

two_boots "$@"
