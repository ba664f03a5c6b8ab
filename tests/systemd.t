#!/bin/bash
# The units, on a real systemd that is thrown away afterwards: installed as README.md says, a
# viewer is an instance of livescore@.service, and nothing else runs.

if [ "${1:-}" != inside ]; then
    . tests/lib.sh
    need curl make python3 unshare systemctl
    tests/with-systemd "$0" inside 2>"$scratch/errors"
    status=$?
    [ $status -ne 77 ] || skip_all "$(tail -n 1 "$scratch/errors")"
    [ $status -eq 0 ] || diag "$(tail -n 20 "$scratch/errors")"
    exit $status
fi

. tests/lib.sh

instances() { systemctl list-units --all --plain --no-legend 'livescore@*' | wc -l; }
no_instance() { [ "$(instances)" -eq 0 ]; }
journal_has() { journalctl -q -o cat --no-pager | grep -qE "$1"; }

db=/var/lib/livescore/livescore.db
url=http://127.0.0.1:8000

make -s install && systemd-sysusers &&
    install -d -o livescore -g livescore -m 2775 /var/lib/livescore &&
    runuser -u livescore -- /usr/local/bin/feeder init &&
    systemctl daemon-reload && systemctl -q enable --now livescore.socket
ok $? 'it is installed and started as README.md says' || done_testing
systemd-analyze verify /etc/systemd/system/livescore.socket >"$scratch/verify" 2>&1
is "$(cat "$scratch/verify")" '' 'systemd finds nothing wrong with the units'
is "$(instances)" 0 'nothing runs while nobody watches'

message m1 1 0
stream watch "$url/livescore"
within 10 shows watch '^id: 1'; ok $? 'a viewer gets the snapshot'
is "$(instances)" 1 'a viewer is an instance'
sqlite3 "$db" "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '{}')"
within 5 shows watch '^event: goal'; ok $? 'and rows as they come'
is "$(systemctl show -p User --value 'livescore@*')" livescore 'it is not root that serves'
kill "$client"
within 5 no_instance; ok $? 'who hangs up is gone'
within 5 journal_has 'peer=127\.0\.0\.1 .*path=/livescore .*why=client-closed'; ok $? 'the journal has a line for it'
unlike "$(cat "$scratch/watch")" 'peer=' 'the stream has not'

for i in 1 2 3 4 5; do stream "s$i" "$url/livescore?after=latest"; done
for i in 1 2 3 4 5; do within 10 shows "s$i" '^id: 2'; done
is "$(instances)" 5 'five viewers are five instances'
message m1 2 0
for i in 1 2 3 4 5; do within 5 shows "s$i" '^data: .*"m1"' || diag "viewer $i"; done
is "$(cat "$scratch"/s[1-5] | grep -c '^data: .*"m1"')" 5 'and a row reaches each'
systemctl stop livescore.socket
is "$(curl -s -m 5 -o /dev/null -w '%{exitcode}' "$url/")" 7 'a socket that is stopped listens no more'
systemctl stop 'livescore@*'
within 5 no_instance; ok $? 'and its instances can be stopped'
systemctl start livescore.socket

mv "$db" "$db.aside"
is "$(curl -s -m 10 -o /dev/null -w '%{http_code}' "$url/healthz")" 503 'without a database the answer is 503'
mv "$db.aside" "$db"
within 5 no_instance; ok $? 'an instance that failed leaves no unit behind'
is "$(curl -s -m 10 -o /dev/null -w '%{http_code}' "$url/healthz")" 200 'and the next is served'
mkfifo "$scratch/wake"
start sh -c 'exec python3 tests/wire.py 8000 open 300 <"$1/wake" >"$1/held"' sh "$scratch"
exec 7>"$scratch/wake"
within 20 shows held open
within 20 curl -s -m 10 -o /dev/null --interface 127.0.0.2 "$url/healthz"
ok $? 'while one address holds all the connections that it may, another is served'
exec 7>&-
within 20 no_instance
is "$(systemctl is-active livescore.socket)" active '300 connections at once do not trip the socket'
is "$(systemctl list-units --failed --plain --no-legend 'livescore*')" '' 'and nothing has failed'
done_testing
