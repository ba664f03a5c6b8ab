#!/bin/bash
# A taken-over viewer: nothing that foreign code tries in it, in any mode, reaches another process.
# Without a sandbox the same code succeeds, so each attempt is a real one.
# tags: once slow
. tests/lib/lib.sh
need curl socat python3 sqlite3

[ -x .build/release/tests/takeover/livescore ] || missing_here 'not built: make takeover'

# As an unprivileged user, if this is root, which ignores permissions and process limits.
as_user=()
chmod 755 "$scratch" && mkdir "$scratch/bin" "$scratch/data" && cp .build/release/tests/takeover/livescore "$scratch/bin" || exit
if [ "$(id -u)" -eq 0 ]; then
    need setpriv
    as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
livescore=("${as_user[@]}" "$scratch/bin/livescore" -d "$scratch/data/live.db")

# What a viewer can't do even without a sandbox: its mapping's descriptor is read-only, and there is no key.
always='store-into-ring protect-ring find-key'
# No user can make a user namespace in a chroot.
"${as_user[@]}" unshare --user true 2>/dev/null || always="$always namespace"

# outcome NAME - of the attempt: done, refused, or ended (no answer)
outcome() {
    local answer
    answer=$(request "/takeover/$1?$neighbour" 2>>"$scratch/outcome.log")
    case $answer in *done) echo 'done' ;; *refused*) echo refused ;; *) echo ended ;; esac
}
# request PATH - in the current mode
request() { curl -s -m "$PATIENCE" "$url$1"; }

# outcomes - NAME OUTCOME, one per line
outcomes() { local name; for name in $names; do echo "$name $(outcome "$name")"; done >"$scratch/outcomes"; }

# hostile [OPTION...] - like serve
hostile() {
    : >"$scratch/service.log"
    start "${livescore[@]}" -l 127.0.0.1:0 "$@" 2>"$scratch/service.log"
    service=$!
    eventually grep -q 'listening on' "$scratch/service.log"
    url=$(sed -n 's|.*listening on \(http:.*\)/$|\1|p' "$scratch/service.log")
}

# files - the files in the database's folder, and their contents
files() { (cd "$scratch/data" && stat -c '%n %a %U' -- * && cat live.db-victim && sqlite3 live.db 'PRAGMA integrity_check; SELECT count(*), max(id) FROM match_events'); }

# nothing_is_done HOW - makes all attempts; the neighbour's stream goes on, and nothing has changed
nothing_is_done() {
    local before
    before=$(files)
    outcomes
    is "$(grep ' done$' "$scratch/outcomes")" '' "$1: everything that a taken-over viewer tries is refused"
    is "$(grep -E '^(write-database|map-code|run-program) ' "$scratch/outcomes" | cut -d ' ' -f 2 | xargs)" 'refused ended refused' \
        "$1: calls that libc may try are refused, calls that only an intruder tries end the process"
    is "$(files)" "$before" "$1: the files are unchanged"
}

# neighbour - another viewer, of another service on the same database unless the mode is a listener
neighbour() {
    stream neighbour "$1/livescore?after=latest"
    eventually shows neighbour '^: livescore'
    neighbour=$(child_pids "$2" | tail -n 1)
}
neighbour_goes_on() {
    message m1 "$RANDOM" 7
    eventually shows neighbour '"away":7'; ok $? "$1: the other viewers notice nothing"
    kill -0 "$neighbour"; ok $? "$1: the processes of other viewers are still there"
}

db=$scratch/data/live.db
make_db
message m1 1 0
echo victim >"$db-victim"
[ "${#as_user[@]}" -eq 0 ] || chown -R 65534:65534 "$scratch/data"

# Without a sandbox.
hostile --no-sandbox || exit
names=$(request /takeover/)
neighbour "$url" "$service"
outcomes
is "$(grep -v ' done$' "$scratch/outcomes" | cut -d ' ' -f 1 | xargs)" "$always" 'without a sandbox a viewer can do everything that the sandbox refuses'
stop_service

# Each mode.
hostile || exit
neighbour "$url" "$service"
nothing_is_done 'a listener'
is "$(outcome find-key)" refused 'a viewer cannot find the key of its listener in its memory'
neighbour_goes_on 'a listener'
eventually grep -q 'died of signal 31 (seccomp)' "$scratch/service.log"; ok $? 'the log says why a viewer was ended'
for mode in listen wait; do
    given $mode "${livescore[@]}"
    nothing_is_done "a listening socket, as from $mode"
    neighbour_goes_on "a listening socket, as from $mode"
    kill "$service"
done
request() { given accept "${livescore[@]}"; curl -s -m "$PATIENCE" "$url$1"; }
nothing_is_done 'a connection, as from systemd'
neighbour_goes_on 'a connection, as from systemd'
request() { printf 'GET %s HTTP/1.0\r\n\r\n' "$1" | socat -t "$PATIENCE" - "EXEC:${livescore[*]}" 2>>"$scratch/socat.log"; }
nothing_is_done 'a connection, as from inetd'
neighbour_goes_on 'a connection, as from inetd'
request() { printf 'GET %s HTTP/1.0\r\n\r\n' "$1" | "${livescore[@]}" 2>>"$scratch/pipe.log"; }
nothing_is_done 'a pipe'
neighbour_goes_on 'a pipe'
done_testing
