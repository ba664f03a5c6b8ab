#!/bin/bash
# A service that can't fork tells new clients so, logs it once, and goes on when it can again.
# (Once: a leak checker needs a process of its own.)
# tags: once

. tests/lib/lib.sh
need curl setpriv
[ "$(id -u)" -eq 0 ] || skip_all 'only root can be another user, one whose processes are counted'

uid=$((61000 + $$ % 4000)) # for this run alone: the kernel counts processes by user
livescore() { exec setpriv --reuid=$uid --regid=$uid --clear-groups --no-new-privs prlimit --nproc=8 "$bin/livescore" "$@"; }
chmod 755 "$scratch"
make_db
chown $uid "$db"
chmod 777 "$scratch"
serve || exit
clients=()
for n in 1 2 3 4 5; do
    stream "held$n" "$url/livescore"
    clients+=("$client")
    eventually shows "held$n" '^id'
done
refused=0
for _ in $(seq 200); do
    get /healthz >/dev/null
    [ "$(cat "$scratch/status")" != 503 ] || refused=$((refused + 1))
done
is "$refused" 200 'clients for which no process can be forked all get 503'
like "$(get /healthz -D "$scratch/head")$(cat "$scratch/head")" '"status":503.*Retry-After: [0-9]+' 'the 503 of a failed fork is a problem document with Retry-After'
is "$(grep -c 'fork: ' "$scratch/service.log")" 1 'the log says once that fork fails'
kill "${clients[@]}"
works() { get /healthz >/dev/null; [ "$(cat "$scratch/status")" = 200 ]; }
eventually works; ok $? 'the service works again when processes can be forked again'
like "$(cat "$scratch/service.log")" 'fork: works again; [0-9]+ connections were refused' 'the log says that fork works again, and how many connections were refused'
no_crash
done_testing
