# systemd.sh - the claims for both pairs of units, on a real systemd that is thrown away
# afterwards.  Sourced by tests/deploy/systemd*.t, after lib.sh and followers.sh.
#
# A test runs itself in there, twice: its function `first` in one boot, `second` after a reboot,
# with everything that the first has left.  The test sets $socket and $viewer, the viewers' unit, and
# defines no_viewer (no serving unit is left), upgrades (ends units with the old program) and
# allows_more (viewers per address).
# shellcheck shell=bash disable=SC2034,SC2154 # lib.sh and the tests share variables

# Kept over the reboot: the number of tests and failures, and the newest row.
tally=/var/tmp/livescore-tally
newest=/var/tmp/livescore-newest

# two_boots ARGUMENT... - the test's own arguments.  $disk: the size of the disk, instead of half the memory
two_boots() {
    if [ $# -gt 0 ]; then
        read -r count failed < <(cat $tally 2>/dev/null || echo "$before")
        "$1"
        [ ! -e "$db" ] || sql 'SELECT max(id) FROM match_events' >$newest
        echo "$count $failed" >$tally
        exit 0
    fi
    need curl jq make python3 sqlite3 systemctl unshare
    unshare --mount true 2>"$scratch/errors" || skip_all "needs root, and namespaces: $(cat "$scratch/errors")"
    mkdir "$scratch/state"
    export before="$count $failed"
    unshare --mount bash -c '
        mount -t tmpfs -o "size=$4" tmpfs "$2/state" && export WITH_SYSTEMD_STATE=$2/state || exit 77
        tests/lib/with-systemd "$1" first && tests/lib/with-systemd "$1" second && cp "$2/state/upper$3" "$2/tally"
        ' bash "$0" "$scratch" $tally "${disk:-50%}" 2>"$scratch/errors"
    status=$?
    grep 'gave up after' "$scratch/errors" >&2
    [ $status -ne 77 ] || skip_all "$(tail -n 1 "$scratch/errors")"
    [ $status -eq 0 ] || { diag "$(tail -n 20 "$scratch/errors")"; echo 'Bail out! a boot did not end well'; exit 1; }
    read -r count failed <"$scratch/tally"
    done_testing
}

db=/var/lib/livescore/livescore.db
port=8000
url=http://127.0.0.1:$port

as_feeder() { runuser -u feeder -- /usr/local/bin/feeder "$@"; }
corner() { as_feeder add m1 corner "{\"n\":$1}" >"$scratch/added"; }
# journal [OPTION...] - its lines, with those that journald has not read yet
journal() { journalctl --sync; journalctl -q -o cat --no-pager "$@"; }
journal_has() { journal | grep -qE "$1"; }
# status_of CURL-ARGUMENT... - the status of an answer, or curl's exit code and the time in seconds
status_of() { curl -s -m "$PATIENCE" -o "$scratch/body" -w '%{http_code} %{exitcode} %{time_total}' "$@" |
    sed -E 's/^000 (.*) (.*)/no answer: curl \1, \2 s/; s/^([1-9][0-9]*) .*/\1/'; }

# of FORMAT - stat's, for the database's files
of() { (cd ${db%/*} && stat -c "$1" livescore.db*); }

is_installed() {
    copied systemd/README.md sh 1 -e "s/livescore\.socket/$socket/"
    ok $? 'the commands of systemd/README.md install and start it' || diag "$(cat "$scratch/copied")"
    find systemd -name '*.socket' -o -name '*.service' -o -name '*.timer' -o -name '*.slice' | sed 's|.*/||' |
        xargs systemd-analyze verify >"$scratch/verify" 2>&1
    is "$(cat "$scratch/verify")" '' 'systemd finds nothing wrong with any unit'
    no_viewer && no_poller; ok $? 'nothing runs without viewers'
}

streams() {
    message m1 1 0
    stream watch "$url/livescore"
    eventually shows watch '^id: 1'; ok $? 'a viewer gets the snapshot'
    corner 2
    eventually shows watch '^event: corner'; ok $? 'a row that feeder inserts as its own user arrives'
    kill "$client"
    eventually journal_has 'peer=127\.0\.0\.1 .*path=/livescore .*why=client-closed'; ok $? 'the journal has a line for who hangs up'
    unlike "$(cat "$scratch/watch")" 'peer=' 'no line of the log is in the stream'
    ! journal_has '(half a|no) sandbox'; ok $? 'no unit keeps a process out of a part of its sandbox'
}

# The database and its folder belong to feeder, and viewers only read.
has_two_users() {
    local who
    is "$(stat -c '%U:%G %a' ${db%/*}) $(of '%U:%G %a %n' | head -1)" 'feeder:livescore 750 feeder:feeder 664 livescore.db' 'the folder and the database are those of feeder, and livescore may enter'
    ! runuser -u nobody -- cat "$db" >"$scratch/denied" 2>&1; ok $? 'another user cannot read the database'
    sql 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/checkpoint" && rm -f "$db"-*
    eventually serves_rows; ok $? 'the database is served where its -wal and -shm are gone'
    corner 3; ok $? 'feeder can write where a viewer was first'
    stream again "$url/livescore?after=latest"
    eventually shows again '^id: '
    eventually poller_has_made_its_files; ok $? 'the poller makes ring and bell, as feeder'
    is "$(sqlite3 "$db" "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'corner', '{}') RETURNING id > 0")" 1 'root writes with sqlite3'
    eventually shows again '^event: corner'; ok $? 'a row that root inserts with sqlite3 arrives'
    corner 4; ok $? 'feeder can write after the sqlite3 of root'
    eventually shows again '"n":4'; ok $? 'a row that feeder inserts after the sqlite3 of root arrives'
    useradd -M -G livescore,feeder publisher
    is "$(runuser -u publisher -- sqlite3 "$db" "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'corner', json_object('n', 8)) RETURNING 'in'" 2>&1)" in 'a user in both groups publishes with sqlite3'
    eventually shows again '"n":8'; ok $? 'a row of a user in both groups arrives'
    is "$(/usr/local/bin/feeder -q check --user livescore 2>&1)" '' 'check finds nothing wrong'
    can_not_harm
    survives_its_poller again
    kill "$client"
    for who in feeder root; do
        runuser -u $who -- /usr/local/bin/feeder -q backup "$db.copy" && sql 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/checkpoint" &&
            mv "$db.copy" "$db"
        is "$(of '%U:%G %a %n' | head -1)" 'feeder:feeder 664 livescore.db' "a backup that $who makes is feeder's, where it is put in place"
        corner 7; ok $? "feeder can write to a backup of $who"
    done
    install -m 600 "$db" "$scratch/copy" && mv "$scratch/copy" "$db" && systemd-tmpfiles --create
    is "$(of '%U:%G %a %n' | head -1)" 'feeder:feeder 664 livescore.db' 'a database that root puts in place is feeder'\''s by systemd-tmpfiles'
    is "$(status_of "$url/healthz")" 200 'a database that root has put in place is served'
    is "$(curl -s -m "$PATIENCE" -w '%{num_connects}' -o "$scratch/body" "$url/healthz" -o "$scratch/body" "$url/matches")" 10 'a connection carries two requests'
}

serves_rows() { [ "$(status_of "$url/livescore?format=json&after=0")" = 200 ]; }
poller_has_made_its_files() { [ "$(of '%U:%G %a %n' | grep -E 'bell|ring')" = $'feeder:feeder 644 livescore.db-bell\nfeeder:feeder 644 livescore.db-ring' ]; }

# A taken-over viewer without livescore's own sandbox: restricted only by its user, and by the hardening of
# the unit $viewer.
can_not_harm() {
    install -m 755 tests/lib/takeover.sh /usr/local/lib/
    is "$(runuser -u livescore -- sh /usr/local/lib/takeover.sh "$db")" tried 'the user of viewers can open no file for writing, and make, rename or remove none'
    sed -E "s/^Exec(StartPre|Reload)=.*//; s|^ExecStart=.*|ExecStart=/bin/sh /usr/local/lib/takeover.sh $db|; s|^Type=.*||; s|^Restart.*||; /^\[Unit\]/,/^\[Service\]/{/^\[Service\]/!d}
        s|^Standard.*||; /^\[Service\]/aType=oneshot\nStandardOutput=file:/run/takeover" "/usr/local/lib/systemd/system/$viewer" >/run/systemd/system/takeover.service
    systemctl daemon-reload && systemctl start takeover
    is "$(cat /run/takeover)" tried "the user of viewers can open no file for writing, hardened as $viewer is"
    ! systemctl show -p ReadWritePaths "$viewer" | grep -q /; ok $? "$viewer needs no path to write to"
}

# survives_its_poller FILE - the stream that is written there
survives_its_poller() {
    local n=20 signal before
    is "$(systemctl show -p ActiveState,User livescore-poll | sort | xargs)" 'ActiveState=active User=feeder' 'the poller is a separate service, and runs as feeder'
    for signal in KILL STOP SEGV; do
        before=$(poller)
        systemctl kill -s $signal livescore-poll
        eventually other_poller "$before"; ok $? "a poller that gets SIG$signal is replaced"
        corner $n
        eventually shows "$1" "\"n\":$n"; ok $? "a row arrives after the poller got SIG$signal"
        n=$((n + 1))
    done
}

# As in earlier versions: viewers wrote, too, and owned their files.
upgrades_an_old_installation() {
    systemctl stop "$socket"
    eventually no_viewer
    eventually no_poller
    rm -f "$db"-ring "$db"-bell
    usermod -aG livescore feeder
    chown root:livescore ${db%/*} && chmod 2770 ${db%/*}
    runuser -u livescore -- sh -c "umask 002; echo LSVRING3 >$db-ring; mkfifo -m 664 $db-bell; rm -f $db-shm; : >$db-shm"
    chgrp livescore "$db-wal"
    make -s install && systemd-sysusers && systemd-tmpfiles --create && systemctl daemon-reload; ok $? 'an older installation is upgraded by the commands that install'
    is "$(stat -c '%U:%G %a' ${db%/*} "$db"-{wal,shm,ring,bell} | sort | uniq -c | xargs)" '2 feeder:feeder 644 2 feeder:feeder 664 1 feeder:livescore 750' 'what viewers owned, in an older installation, is now feeder'\''s'
    systemctl start "$socket"
    is "$(status_of "$url/healthz")" 200 'an older installation is served after its upgrade'
    is "$(/usr/local/bin/feeder -q check --user livescore 2>&1)" '' 'check finds nothing wrong after an upgrade'
}

livescore_is() { systemctl status livescore | grep -q "Active: $1"; }
no_poller() { [ "$(systemctl is-active livescore-poll)" = inactive ]; }

survives_storms() {
    mode=$viewer
    deaths 10 read
    eventually no_viewer_process
}

# limits HOW-MANY - viewers per address.  So many more try to connect that a socket with systemd's default
# limit, 200 in 2 s, would fail for good.
limits() {
    local held
    mkfifo "$scratch/wake"
    start sh -c 'exec python3 tests/lib/crowd.py 8000 "$2" <"$1/wake" >"$1/held"' sh "$scratch" $(($1 + 300))
    held=$!
    exec 7>"$scratch/wake"
    eventually shows held begun
    is "$(cat "$scratch/held")" "$1 begun, 300 refused" 'viewers of one address are as many as it may have, and no more'
    is "$(status_of --interface 127.0.0.2 "$url/healthz")" 200 'another address is served while one has all its viewers'
    exec 7>&-
    wait "$held"
    eventually no_viewer_process; ok $? 'no viewer of a client that hung up is left'
}

no_viewer_process() { [ "$(pgrep -c -u livescore)" -le "${resident:-0}" ]; }

# (An answered connection counts until its process has ended.)
takes_a_rush() {
    allows_more
    curl -s -m "$((2 * PATIENCE))" --parallel --parallel-max 40 -o "$scratch/rush#1" -w '%{http_code}\n' "$url/healthz?[1-500]" >"$scratch/codes"
    is "$(sort "$scratch/codes" | uniq -c | xargs)" '500 200' '500 quick connections are all answered'
    rm -f "$scratch"/rush*
    is "$(systemctl is-active "$socket")" active 'the socket has not failed after 500 connections'
}

# 300 rows: each client must get every one once and in order, whatever happens to the service
# meanwhile.
loses_no_row() {
    local clients writer
    : >"$scratch/final"
    start python3 tests/lib/resume.py "$port" 5 "$scratch/final" >"$scratch/trouble" 2>"$scratch/connections"
    clients=$!
    jq -cn 'range(300) | {match_id: "m\(. % 7)", home_team: "A", away_team: "B", score: {home: ., away: 0},
        time: "\(.)", status: "First Half"}' >"$scratch/updates"
    as_feeder -q load --every 10ms - <"$scratch/updates" &
    writer=$!
    stream good "$url/livescore?after=latest"
    eventually shows good '^id: '
    systemctl stop "$socket"; ok $? 'the socket is stopped'
    eventually no_viewer; ok $? 'a socket that is stopped ends all viewers'
    wait "$client"; is $? 0 'a client of a socket that is stopped ends in good order'
    like "$(status_of "$url/")" '^no answer: curl 7,' 'nothing listens while the socket is stopped'
    eventually livescore_is inactive; ok $? 'systemctl status livescore says that no socket listens'
    systemctl start "$socket"
    eventually livescore_is active; ok $? 'systemctl status livescore says that a socket listens'
    like "$(journal -u livescore)" "journalctl -u 'livescore\*'" 'journalctl -u livescore says where the log is'
    stream old "$url/livescore?after=latest"
    eventually shows old '^id: '
    for _ in 1 2; do make -s install; done; ok $? 'the program is replaced while it runs'
    like "$(pgrep -u livescore | sed 's|.*|/proc/&/exe|' | xargs readlink)" 'livescore \(deleted\)' 'the running processes keep the program that was replaced'
    corner 5
    eventually shows old '"n":5'; ok $? 'streams go on with the program that was replaced'
    is "$(status_of "$url/healthz")" 200 'new viewers are served after the program was replaced'
    upgrades
    wait "$client"; is $? 0 'viewers of the old program end in good order'
    wait "$writer"; is $? 0 'feeder loads on while its readers are stopped and replaced'
    sql 'SELECT json_array(id, type, data) FROM match_events ORDER BY id' >"$scratch/final.rows"
    sql 'SELECT max(id) FROM match_events' >"$scratch/final"
    wait "$clients"
    is "$(cat "$scratch/trouble")" '' 'no row is lost to a client that resumes'
}

# drop_in UNIT LINE... - like systemctl edit, until the reboot
drop_in() {
    local folder=/run/systemd/system/$1.d
    shift
    mkdir -p "$folder" && printf '%s\n' "$@" >"$folder/test.conf" && systemctl daemon-reload
}

listens_on_a_unix_socket() {
    drop_in "$socket" '[Socket]' ListenStream=/run/livescore.sock && systemctl restart "$socket"
    is "$(status_of --unix-socket /run/livescore.sock "$url/healthz")$(status_of "$url/healthz")" 200200 \
        'with one line more, a Unix socket is served beside the port'
    eventually journal_has 'peer=unix .*path=/healthz'; ok $? 'the log calls clients of a Unix socket unix'
}

fails_well() {
    is "$(journal | grep -E 'livescore[^ ]*: Failed' | grep -v '^livescore-poll')" '' 'no unit has failed but the poller that was killed'
    mv "$db" "$db.aside"
    is "$(status_of "$url/healthz")" 503 'without a database the answer is 503'
    mv "$db.aside" "$db"
    is "$(status_of "$url/healthz")" 200 'with a database the answer is 200'
    eventually no_viewer_process
    is "$(systemctl list-units --all --failed --plain --no-legend '*livescore*' 'feeder*')" '' 'no failed units pile up'
}

# The second boot: nothing was started by hand, nothing writes, and no process has opened the
# database.
is_back_after_a_reboot() {
    local last
    read -r last <$newest
    is "$(systemctl is-active "$socket")" active 'after a reboot the socket listens'
    no_viewer && no_poller; ok $? 'after a reboot nothing runs'
    stream back "$url/livescore" -H "Last-Event-ID: $((last - 1))"
    eventually shows back "^id: $last"; ok $? 'a viewer from before resumes where it was'
    corner 6
    eventually shows back '"n":6'; ok $? 'a viewer from before a reboot gets what comes'
    is "$(grep -c '^event: reset' "$scratch/back")" 0 'a viewer from before a reboot is not reset'
}

leaves_nothing() {
    systemctl -q disable --now "$socket" && make -s uninstall && systemctl daemon-reload; ok $? 'make uninstall succeeds'
    wait "$client"; is $? 0 'an uninstall ends streams in good order'
    is "$(find /usr/local /etc -name '*livescore*' -o -name 'feeder*')" '' 'an uninstall leaves no file of livescore'
    is "$(sql 'PRAGMA integrity_check')" ok 'an uninstall leaves the database'
}
