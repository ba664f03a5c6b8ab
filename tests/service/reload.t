#!/bin/bash
# SIGHUP under systemd: a new program serves new viewers, the old one those that it has.  None loses a row or a
# connection, and the limits count all.

. tests/lib/lib.sh
. tests/lib/followers.sh
need curl python3 perl

make_db
program=$scratch/livescore
# install PROGRAM-OR-TEXT - puts it in place of the program, as an upgrade does
installs() { cp "$1" "$program.new" && chmod 755 "$program.new" && mv "$program.new" "$program"; }
logged() { eventually grep -qE "$1" "$scratch/service.log"; }
reloads() { local before; before=$(grep -c reloaded: "$scratch/service.log"); kill -HUP "$service"; eventually more "$before"; }
more() { [ "$(grep -c reloaded: "$scratch/service.log")" -gt "$1" ]; }
# listeners - the keeper's children
listeners() { child_pids "$service" | wc -l; }
are() { [ "$(listeners)" -eq "$1" ]; }
code() { curl -s -m "$PATIENCE" -o "$scratch/body" -w '%{http_code}' "${@:2}" "$url$1"; }
serves_all() { sort "$scratch/codes" | uniq -c | xargs; }

installs "$bin/livescore"
NOTIFY_SOCKET=$scratch/none given listen "$program" -d "$db" --max-connections 100 --max-per-client 12
message m1 1 0
eventually has_poller
for n in 1 2 3; do stream "old$n" "$url/livescore?after=latest"; done
for n in 1 2 3; do eventually shows "old$n" '^id: '; done

# Under load, with programs of another version: its poller's ring has another format.
old=$(child_pids "$service")
perl -pe 's/LSVRING(.)/"LSVRING" . chr(ord($1) + 10)/ge' "$bin/livescore" >"$scratch/other"
! cmp -s "$bin/livescore" "$scratch/other"; ok $? 'the other version has another format of the ring'
flow
curl -s -m "$PATIENCE" --parallel --parallel-max 4 -o "$scratch/got#1" -w '%{http_code}\n' "$url/healthz?[1-400]" >"$scratch/codes" 2>"$scratch/progress" &
requests=$!
for version in "$scratch/other" "$bin/livescore" "$scratch/other"; do
    installs "$version"
    reloads; ok $? "a reload puts ${version##*/} in place"
    flows 20
done
wait "$requests"
is "$(serves_all)" '400 200' 'every connection is served while the program is replaced three times' ||
    diag "$(grep -hs '"status":503' "$scratch"/got* | head -n 3; grep -v 'status=200' "$scratch/service.log" | head -n 8)"
is "$(grep "can't be polled" "$scratch/service.log")" '' 'the log has no warning of the earlier poller, which ends meanwhile'
eventually are 2; ok $? 'listeners without viewers end when they are replaced'
[ -e "/proc/$old" ]; ok $? 'a listener with viewers continues when it is replaced'
stream new "$url/livescore?after=0"
flows 20
end_flow
last=$(head_id)
# (Row 1 may have come before them or after, whenever the poller saw it.)
for n in old1 old2 old3 new; do eventually shows $n "^id: $last\$"; done
is "$(for n in 1 2 3; do grep -a '^id: ' "$scratch/old$n" | uniq | cut -c5- | sed '/^[01]$/d' | cksum; done | uniq)" "$(seq 2 "$last" | cksum)" \
    'viewers of the old program get each row once, from the poller of another version'
is "$(grep -a '^id: ' "$scratch/new" | cut -c5- | cksum)" "$(seq "$last" | cksum)" 'a viewer of the new program gets each row once'

if [ "$(id -u)" = 0 ]; then
    viewer=$(child_pids "$old" | tail -1)
    is "$(find "/proc/$viewer/fd" -lname '*memfd*'; grep -E 'rw-s .*memfd' "/proc/$viewer/maps")" '' 'a viewer cannot write to what listeners share'
fi

# The limits, with 3 viewers of the old program and one of the new one.
for n in 5 6 7 8 9 10 11 12; do stream "s$n" "$url/livescore?after=latest"; eventually shows "s$n" '^id: '; done
is "$(code /healthz)" 429 "the viewers of earlier programs count for a client's limit"
kill -HUP "$service"
more_listeners() { [ "$(listeners)" -ge 3 ]; }
eventually more_listeners
is "$(code /healthz)" 429 'the limits hold after another reload'

# What can't be put in place.
printf '#!/bin/sh\nexit 3\n' >"$scratch/broken"
installs "$scratch/broken"
kill -HUP "$service"
logged 'the new program ended with status 3: the old one goes on'; ok $? 'the log says that a program could not start, and that the old one goes on'
echo garbage >"$scratch/broken"
installs "$scratch/broken"
kill -HUP "$service"
logged "livescore: can't be started: Exec format error"; ok $? 'the log says that a file is no program'
printf '#!/bin/sh\nexec tail --pid=%d -f "%s" >/dev/null 2>&1\n' $$ "$scratch/service.log" >"$scratch/broken"
installs "$scratch/broken"
kill -HUP "$service"
hung() { pgrep -P "$service" -x tail >"$scratch/hung"; }
eventually hung; ok $? 'a program that hangs is started'
message m1 2 0
for n in old1 new s12; do eventually shows $n '"home":2' || diag $n; done; ok $? 'viewers go on when a new program cannot start'

# The end.
kill "${started[1]}" "${started[2]}" "${started[3]}"
eventually ended "$old"; ok $? 'an old listener ends with its last viewer'
is "$(code /healthz)" 200 'the places of viewers that left an old listener are free again'
stop_service
is $? 0 'a service that was reloaded stops cleanly'
no_process() { [ -z "$(livescores "$db")" ]; }
eventually ended "$(cat "$scratch/hung")"; ok $? 'a program that hung ends with the service'
signal KILL "$(cat "$scratch/hung")"
eventually no_process; ok $? 'no process of a service that was reloaded is left when it is stopped'

# Behind a proxy, where only the processes of viewers learn whom they serve.
installs "$bin/livescore"
NOTIFY_SOCKET=$scratch/none given listen "$program" -d "$db" --trust-proxy 127.0.0.1 --max-per-client 3
mine=(-H 'X-Forwarded-For: 192.0.2.7')
for n in 1 2; do stream "p$n" "$url/livescore?after=latest" "${mine[@]}"; eventually shows "p$n" '^id: '; done
reloads
stream p3 "$url/livescore?after=latest" "${mine[@]}"
eventually shows p3 '^id: '
is "$(code /healthz "${mine[@]}") $(code /healthz -H 'X-Forwarded-For: 192.0.2.8')" '429 200' "behind a proxy, the viewers of earlier programs count for their client's limit"
stop_service
no_crash
done_testing
