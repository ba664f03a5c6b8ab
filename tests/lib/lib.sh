# lib.sh - sourced by each shell test; tests/README.md shows one.  prove runs them from the top of the tree.
#
# Programs come from $LIVESCORE_BIN (default bin): bin/test runs everything a second time
# with the sanitized ones.  Each test has a scratch folder, $scratch, which is removed when it
# ends, and all processes that it started in the background through `start` end with it.
# shellcheck shell=bash disable=SC2034 # some variables are only used by tests

set -u
export LC_ALL=C.UTF-8
bin=$(cd "${LIVESCORE_BIN:-bin}" && pwd) || exit
scratch=$(mktemp -d "${TMPDIR:-/tmp}/livescore-test.XXXXXX") || exit
# Whether the programs are sanitized ones: then a test may leave out what runs the same C again, as other data for the same
# SQL. What it only compares with is made by $released/feeder.
case $bin in */sanitize/bin) sanitized=yes ;; *) sanitized='' ;; esac
released=$PWD/bin
[ -x "$released/feeder" ] || released=$bin
PATH=$bin:/usr/bin:/bin:$PATH
db=$scratch/live.db
started=()
count=0
failed=0
lanes=()
# The only limit, in seconds, for anything a test waits for: long, since only failures take so long.
export PATIENCE=${PATIENCE:-60}
# Freed memory is kept from reuse for 1 MB instead of 256: most of the kernel's time went into it. LEAKS=0 turns
# the leak checker off, which costs a short process a quarter of its time: for tests that start hundreds of
# processes that other tests start, too.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=${LEAKS:-1}:abort_on_error=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=64} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

# The pid of an ended process may belong to another one by now: with many tests running, the kernel soon
# reuses it.
is_mine() { # a process, or -PID, its group
    grep -qs "^PPid:[[:space:]]*$BASHPID\$" "/proc/${1#-}/status" || grep -qsF -- "$scratch" "/proc/${1#-}/cmdline"
}

# signal SIGNAL PID... - to processes of this test that may have ended long ago
signal() {
    local pid
    for pid in "${@:2}"; do ! is_mine "$pid" || kill "-$1" -- "$pid" 2>/dev/null; done
}

cleanup() {
    local pid
    trap - EXIT
    signal TERM ${started[@]+"${started[@]}"}
    for pid in ${started[@]+"${started[@]}"}; do wait "$pid" 2>/dev/null; done
    rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# ok STATUS NAME - passes if STATUS is 0
ok() {
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then echo "ok $count - $2"; return 0; fi
    failed=$((failed + 1))
    echo "not ok $count - $2"
    return 1
}

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

# is GOT EXPECTED NAME
is() {
    [ "$1" = "$2" ]
    ok $? "$3" || { diag "got:      $1"; diag "expected: $2"; return 1; }
}

# like GOT PATTERN NAME - PATTERN is an extended regular expression
like() {
    [[ $1 =~ $2 ]]
    ok $? "$3" || { diag "got:         $1"; diag "does not match: $2"; return 1; }
}

# unlike GOT PATTERN NAME
unlike() {
    ! [[ $1 =~ $2 ]]
    ok $? "$3" || { diag "got:     $1"; diag "matches: $2"; return 1; }
}

done_testing() {
    echo "1..$count"
    [ "$failed" -eq 0 ]
    exit
}

# skip_all REASON - what is left of the test, which is all of it if nothing was claimed yet
skip_all() {
    [ "$count" -eq 0 ] || { echo "ok $((++count)) # SKIP $*"; done_testing; }
    echo "1..0 # SKIP $*"
    exit 0
}

# need TOOL... - if one is missing, a user's run skips this test, and CI fails it
need() {
    local tool missing=''
    for tool; do command -v "$tool" >/dev/null || missing="$missing $tool"; done
    [ -z "$missing" ] || missing_here "missing:$missing"
}

missing_here() {
    [ -z "${CI:-}" ] || { echo "1..1"; echo "not ok 1 - $*"; exit 1; }
    skip_all "$*"
}

# start COMMAND... - in the background, until the end of the test; its pid is $!
start() {
    "$@" &
    started+=($!)
}

# beside NAME COMMAND... - runs COMMAND at the same time as others, with its own scratch folder, database and
# services; joined - waits for all of them, and passes on their claims
beside() {
    (lane "$@"; exit 0) >"$scratch/$1.claims" &
    started+=($!)
    lanes+=("$! $1")
}
lane() {
    scratch=$scratch/$1
    db=$scratch/live.db
    started=() count=0 failed=0
    mkdir "$scratch"
    trap cleanup EXIT
    trap 'exit 130' INT TERM
    "${@:2}"
}
joined() {
    local lane line status
    for lane in "${lanes[@]}"; do
        wait "${lane% *}"
        status=$?
        while IFS= read -r line; do
            case $line in
            'ok '*) ok 0 "${line#* - }" ;;
            'not ok '*) ok 1 "${line#* - }" ;;
            *) printf '%s\n' "$line" ;;
            esac
        done <"$scratch/${lane#* }.claims"
        [ $status -eq 0 ] || ok $status "the part ${lane#* } of the test comes to its end"
    done
    lanes=()
}

# eventually COMMAND... - repeats COMMAND until it succeeds; fails after $PATIENCE seconds.  Pauses grow with the wait, to
# 0.25 s after 3 s.  (Reading from an idle FIFO is a pause without a process.)
eventually() {
    local end=$((SECONDS + PATIENCE)) ms=50 pause
    until "$@"; do
        [ $SECONDS -lt $end ] || { diag "gave up after $PATIENCE s: $*" >&2; return 1; }
        [ -p "$scratch/.pause" ] || mkfifo "$scratch/.pause"
        printf -v pause '0.%03d' $ms
        read -rt $pause <>"$scratch/.pause"
        [ $? -gt 128 ] || sleep $pause
        [ $ms -ge 250 ] || ms=$((ms + ms / 20))
    done
}

# handles_term PID - whether a livescore handles SIGTERM itself: a shell that is about to become one handles it
# with the test's trap
handles_term() {
    local caught
    grep -qsx livescore "/proc/$1/comm" && caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null) && [ $((0x${caught:-0} & 0x4000)) -ne 0 ]
}

# serve [OPTION...] - a service on a free port of 127.0.0.1; sets $url, $port and $service (its pid); its log is
# $scratch/service.log; earlier logs are renamed
serve() {
    [ ! -e "$scratch/service.log" ] || mv "$scratch/service.log" "$scratch/service.log.${#started[@]}"
    : >"$scratch/service.log"
    start livescore -d "$db" -l "127.0.0.1:${serve_port:-0}" "$@" 2>"$scratch/service.log"
    service=$!
    eventually grep -q 'listening on' "$scratch/service.log" || { diag "$(cat "$scratch/service.log")"; return 1; }
    url=$(sed -n 's/.*listening on \(http:[^ ]*\).*/\1/p' "$scratch/service.log" | head -1)
    url=${url%/}
    port=${url##*:}
}

# given HOW COMMAND... - runs it with sockets (see given.py); $port, $port2, its pid in $service
given() {
    rm -f "$scratch/ports"
    start python3 tests/lib/given.py "$1" "$scratch/ports" "${@:2}" 2>"$scratch/service.log"
    service=$!
    eventually test -e "$scratch/ports"
    { read -r port; read -r port2; } <"$scratch/ports"
    url=http://127.0.0.1:$port
}

# make_db - an empty livescore database, $db.  (A service that runs already may lock the new file for a moment.)
make_db() { need sqlite3; sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db" <sql/schema.sql >/dev/null || { echo "Bail out! no database: sqlite3 ended with $?"; exit 1; }; }

# sql STATEMENTS - runs them on $db with the sqlite3 tool
sql() { sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db" "$1"; }

# in_systemd - runs this test again, with the argument "first", in a real systemd, and ends as that does
in_systemd() {
    local status
    unshare --mount true 2>"$scratch/errors" || missing_here "needs root, and namespaces: $(cat "$scratch/errors")"
    tests/lib/with-systemd "$0" first 2>"$scratch/errors"
    status=$?
    grep 'gave up after' "$scratch/errors" >&2
    [ $status -ne 77 ] || missing_here "$(tail -n 1 "$scratch/errors")"
    [ $status -le 1 ] || diag "$(tail -n 20 "$scratch/errors")"
    exit $status
}

# message MATCH HOME AWAY - inserts a minimal update of a match
message() {
    sql "INSERT INTO match_events(match_id, data) VALUES ('$1', json_object('match_id', '$1',
         'home_team', 'A', 'away_team', 'B', 'score', json_object('home', $2, 'away', $3), 'time', '1', 'status', 'First Half'))"
}

# child_pids PID - its running child processes, the newest last; children PID - how many (a listener may have some of its
# own, so compare with the number before)
child_pids() {
    local pids=()
    read -ra pids <"/proc/$1/task/$1/children" || [ ${#pids[@]} -gt 0 ] || return 0
    printf '%s\n' "${pids[@]}"
} 2>/dev/null
children() { child_pids "$1" | wc -l; }

# stop_service [SIGNAL] - ends it with its processes, to which it passes on only TERM (the default); stopped first,
# it can't fork another one meanwhile
stop_service() {
    local pids=()
    kill -STOP "$service"
    [ "${1:-TERM}" = TERM ] || mapfile -t pids < <(child_pids "$service")
    kill "-${1:-TERM}" "${pids[@]}" "$service"
    kill -CONT "$service" 2>/dev/null
    wait "$service" 2>/dev/null
}

# has_children PID COUNT
has_children() { [ "$(children "$1")" -eq "$2" ]; }

# serve_idle [OPTION...] - like serve; waits for the poller: an idle listener has $idle children
idle=1
serve_idle() { serve "$@" && eventually has_children "$service" $idle; }

# livescores TEXT - the pids of those with this in their command line
livescores() {
    local pid
    for pid in $(grep -lsx livescore /proc/[0-9]*/comm | cut -d / -f 3); do
        { tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "$1" && echo "$pid"; } 2>/dev/null
    done
}

# streams TEXT - those of them that have a stream: pollers and supervisors do not wait in epoll.  Only root can see
# that; for others these two are an orphan and its child
streams() {
    local pid parent
    for pid in $(livescores "$1"); do
        if [ "$(id -u)" -eq 0 ]; then
            [ -z "$(find "/proc/$pid/fd" -lname '*eventpoll*' 2>/dev/null)" ] || echo "$pid"
        else
            parent=$(parent_of "$pid")
            [ "$parent" = 1 ] || { [ "$(cat "/proc/$parent/comm")" = livescore ] && [ "$(parent_of "$parent")" = 1 ]; } || echo "$pid"
        fi 2>/dev/null
    done
}
parent_of() { sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status"; }

# ended PID - whether a process of this test is gone: a child of it, or one with the scratch folder in its command line
ended() { ! is_mine "$1" || ! grep -qs '^State:[[:space:]]*[^ZX]' "/proc/$1/status"; }

# stream FILE URL [CURL-OPTION...] - a client in the background; its output goes to $scratch/FILE, its pid to
# $client
stream() {
    local file=$scratch/$1 from=$2
    shift 2
    : >"$file"
    start curl -sN -o "$file" "$@" "$from"
    client=$!
}

# shows FILE PATTERN [COUNT] - whether at least COUNT (1) lines of $scratch/FILE match
shows() {
    [ -e "$scratch/$1" ] || return
    case $2:${3:-1} in
    *\$*) [ "$(tr -d '\r' <"$scratch/$1" | grep -acE -- "$2")" -ge "${3:-1}" ] ;;
    *:1) grep -aqE -- "$2" "$scratch/$1" ;;
    *) [ "$(grep -acE -- "$2" "$scratch/$1")" -ge "$3" ] ;;
    esac
}

# get PATH [CURL-OPTION...] - prints the body of an answer; its status goes to $scratch/status
get() {
    local from=$url$1
    shift
    curl -sg -m "$PATIENCE" -o "$scratch/body" -w '%{http_code}' "$@" "$from" >"$scratch/status"
    cat "$scratch/body"
}

# no_crash [NAME] - no log of a service of this test reports a crash
no_crash() {
    is "$(grep -ahE 'died of|Sanitizer|runtime error' "$scratch"/service.log* | head -5)" '' "${1:-the service has had no crash}"
}
