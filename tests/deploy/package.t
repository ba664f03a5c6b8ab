#!/bin/bash
# The Debian package on a real systemd, from its installation to its purge and after it: it is upgraded with its
# database under a hundred viewers; whatever happens meanwhile, each of them gets every row once, and the journal has a
# line for it.  With OLDER=FILE, a real package of an earlier version is the one that is upgraded.
# tags: once systemd slow

. tests/lib/lib.sh
. tests/lib/followers.sh
. tests/lib/systemd.sh

PATH=${PATH#"$bin":} # the programs of the package
socket=livescore-fork.socket
disk=192m
new=$PWD/.build/deb/livescore_0.1.0-1_$(dpkg --print-architecture 2>/dev/null).deb
old=${OLDER:-${new/0.1.0/0.0.9}}

as_publisher() { runuser -u publisher -- sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db" "$1" 2>&1; }
as_feeder() { runuser -u feeder -- feeder "$@" 2>&1; }
units() { dpkg -L livescore | sed -n 's|.*/systemd/system/\(.*\..*\)|\1|p'; }
failed() { systemctl list-units --failed --plain --no-legend | awk '{ print $1 }' | xargs; }
returns() { cat "$scratch/reconnects"; }
# said - the journal since the last one, without the lines of connections and of runuser
said() { journal --cursor-file="$scratch/cursor" | grep -vE '^(peer=|pam_)' >"$scratch/journal"; }

# after EVENT [PATTERN [FAILED]] - the three claims: PATTERN is a line of the journal since the last event, FAILED the units
# that failed
after() {
    is "$(as_publisher "$insert" && as_publisher "$insert")" '' "after $1, a user in both groups publishes"
    eventually have all "$(head_id)"; ok $? "after $1, every viewer has every row" || diag "all have $(cat "$scratch/all"), of $(head_id)"
    is "$(head -n 3 "$scratch/trouble")" '' "after $1, no viewer has had a row twice or out of order"
    is "$(failed)" "${3:-}" "after $1, only the expected units have failed"
    said
    [ -z "${2:-}" ] || like "$(cat "$scratch/journal")" "$2" "after $1, a line of the journal says what happened"
}

# The package, and one of a version before, whose poller has another description.
builds() {
    need dpkg-buildpackage dh lintian # the database of packages need not know them
    make -s dist && mv .build/livescore-0.1.0.tar.gz "$scratch/first.tar.gz"
    DEB_CFLAGS_STRIP=-g make -s deb DEB_FLAGS='-b -d' DEB_BUILD_OPTIONS='nocheck noautodbgsym noopt parallel=2' >"$scratch/build" 2>&1; ok $? 'make deb makes a package' ||
        { diag "$(tail -n 20 "$scratch/build")"; done_testing; }
    cmp "$scratch/first.tar.gz" .build/livescore-0.1.0.tar.gz; ok $? 'make dist makes the same bytes twice'
    tar -xzf "$scratch/first.tar.gz" -C "$scratch" && make -s -C "$scratch/livescore-0.1.0" dist
    cmp "$scratch/first.tar.gz" "$scratch/livescore-0.1.0/.build/livescore-0.1.0.tar.gz"; ok $? 'the tree in the tarball, without git, makes the same tarball'
    is "$(lintian --fail-on warning .build/deb/*.changes 2>&1 | grep -v 'running with root')" '' 'lintian finds nothing wrong with the package'
    [ -z "${OLDER:-}" ] || return
    dpkg-deb -R "$new" "$scratch/old"
    sed -i 's/^Version: .*/Version: 0.0.9-1/' "$scratch/old/DEBIAN/control"
    find "$scratch/old" -name livescore-poll.service -exec sed -i 's/^Description=.*/Description=Older/' {} +
    dpkg-deb -Znone -b "$scratch/old" "$old" >"$scratch/build"
}

installs() {
    # Images of containers have a policy that forbids packages to start anything.  The manuals' index takes seconds.
    rm -f /usr/sbin/policy-rc.d /var/lib/man-db/auto-update
    dpkg -i "$old" >"$scratch/dpkg" 2>&1; ok $? 'the package can be installed' || diag "$(cat "$scratch/dpkg")"
    is "$(units | grep -E 'socket|timer' | xargs systemctl is-enabled 2>&1 | sort -u)" disabled 'the package enables no socket and no timer'
    is "$(systemctl list-units --plain --no-legend 'livescore*' 'feeder*')" '' 'the package starts nothing'
    is "$(of '%U:%G %a') $(stat -c '%U:%G %a' ${db%/*})" 'feeder:feeder 664 feeder:livescore 750' 'the package makes both users, and the folder of the database'
    useradd -M -G livescore,feeder publisher
    sqlite3 -bail "$db" <tests/fixtures/schema/1.sql >"$scratch/schema"
    sql "$insert"
    echo 'LIVESCORE_OPTIONS=--max-per-client 1000' >>/etc/default/livescore
    said
    systemctl -q enable --now $socket
    follow 100
    eventually have all 1
    after 'the socket was enabled' 'Started livescore-fork.service'
    is "$(as_feeder status --json | jq .schema)" 1 'the database of the version before is served as it is'
}

# The poller creates the -wal and -shm that root's sqlite3 has removed, which a publisher can't.
survives() {
    local before
    before=$(poller)
    systemctl kill -s KILL livescore-poll
    sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE); SELECT max(id) FROM match_events' >"$scratch/root"
    (echo "BEGIN IMMEDIATE;"; sleep 0.3; echo "$insert COMMIT;") | sqlite3 -cmd '.filectrl persist_wal 1' "$db" >"$scratch/root" &
    eventually other_poller "$before" && eventually test -e "$db-shm"
    after "root's sqlite3, beside a poller that was killed" 'livescore-poll.*status=9/KILL'
}

is_upgraded() {
    local before
    before=$(poller)
    is "$(returns)" 0 'no viewer had to reconnect before the upgrade'
    # (The settings were edited; those of an older package may differ, too.)
    dpkg -i --force-confold "$new" >"$scratch/dpkg" 2>&1; ok $? 'the package can be upgraded under its viewers' || diag "$(cat "$scratch/dpkg")"
    after 'an upgrade' 'Reloaded livescore-fork.service'
    unlike "$(cat "$scratch/journal")" 'Control process exited' 'no reload fails in an upgrade'
    is "$(returns)" 0 'no viewer had to reconnect for an upgrade'
    is "$(as_feeder status --json | jq .schema)" 2 'an upgrade converts the database'
    is "$(systemctl show -p Description --value livescore-poll)" "$(sed -n 's/^Description=//p' systemd/livescore-poll.service)" 'an upgrade puts new units in place'
    eventually other_poller "$before"; ok $? 'an upgrade puts a new poller in place'
    like "$(cat /etc/default/livescore)" 'max-per-client 1000' 'edited settings outlive an upgrade'
}

is_operated() {
    echo 'LIVESCORE_PRUNE=--keep-last 5' >>/etc/default/livescore
    systemctl start livescore-prune
    after 'rows were pruned' 'rows deleted'
    as_feeder backup ${db%/*}/backup.db >"$scratch/backup"; ok $? 'feeder makes a backup'
    after 'a backup'
    as_feeder backup --force ${db%/*}/backup.db >"$scratch/backup"
    sql 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/root"
    mv ${db%/*}/backup.db "$db" && systemd-tmpfiles --create
    after 'a restore by mv' 'livescore.db: replaced; reading the new file'
    as_feeder backup ${db%/*}/backup.db >"$scratch/backup"
    sqlite3 "$db" ".restore ${db%/*}/backup.db"; ok $? 'sqlite3 restores a backup'
    after 'a restore by sqlite3'
    rm ${db%/*}/backup.db
}

is_misconfigured() {
    cp /etc/default/livescore "$scratch/settings"
    echo 'LIVESCORE_OPTIONS=--heartbeet 1s' >>/etc/default/livescore
    ! systemctl reload livescore-fork 2>"$scratch/errors"; ok $? 'a reload with a wrong option fails'
    after 'a reload with a wrong option' 'heartbeet'
    ! systemctl restart livescore-fork 2>"$scratch/errors"; ok $? 'a restart with a wrong option fails'
    cp "$scratch/settings" /etc/default/livescore
    systemctl start livescore-fork
    after 'a wrong option was corrected' 'heartbeet'
}

has_a_full_disk() {
    local before
    cat /dev/zero >${db%/*}/filler 2>"$scratch/full"
    like "$(as_publisher "INSERT INTO match_events(match_id, data) VALUES ('m1', json_object('n', '$(printf '%.99999d' 1)'))")" 'full' 'with a full disk, sqlite3 says so'
    ! systemd-run -q --wait --unit=publishes -p User=feeder feeder add m1 corner "{\"n\":\"$(printf '%.99999d' 1)\"}"; ok $? 'with a full disk, feeder fails'
    is "$(failed)" publishes.service 'with a full disk, the only failed unit is the one that writes'
    systemctl reset-failed publishes
    is "$(status_of "$url/livescore?format=json")" 200 'with a full disk, viewers are served'
    before=$(poller)
    systemctl kill -s KILL livescore-poll
    eventually other_poller "$before"; ok $? 'with a full disk, a poller that is killed is replaced'
    rm ${db%/*}/filler
    after 'a full disk' 'full'
}

first() {
    installs
    survives
    is_upgraded
    survives
    is_operated
    is_misconfigured
    has_a_full_disk
    unfollow 'each viewer has had each row once, in order'
}

# The viewers are those from before the reboot: they have its last row.
second() {
    local last
    read -r last <$newest
    is "$(systemctl is-active $socket livescore-fork livescore-poll | xargs)" 'active inactive inactive' 'after a reboot the socket listens, and nothing runs'
    follow 20 follow "$last"
    stream back "$url/livescore" -H "Last-Event-ID: $((last - 1))"
    eventually shows back "^id: $last"; ok $? 'after a reboot a viewer resumes where it was'
    after 'a reboot' 'Started livescore-fork.service'
    dpkg -r livescore >"$scratch/dpkg" 2>&1; ok $? 'the package can be removed' || diag "$(cat "$scratch/dpkg")"
    wait "$client"; is $? 0 'a removal ends streams cleanly'
    said
    like "$(cat "$scratch/journal")" 'Stopped livescore-fork.service' 'a line of the journal says that a removal ended the service'
    is "$(systemctl list-units --plain --no-legend 'livescore*' 'feeder*')" '' 'a removal stops every unit'
    is "$(sql 'PRAGMA integrity_check')" ok 'a removal leaves the database'
    dpkg -P livescore >"$scratch/dpkg" 2>&1; ok $? 'the package can be purged' || diag "$(cat "$scratch/dpkg")"
    is "$(find /etc /usr /lib /var/lib /run -xdev \( -name '*livescore*' -o -name 'feeder*' \) ! -path '*/user/*')" "$(printf '%s\n' /var/lib/livescore "$db")" 'a purge leaves nothing but the database'
    is "$(failed)" '' 'after a purge, no unit has failed'
    dpkg -i "$new" >"$scratch/dpkg" 2>&1; ok $? 'the package can be installed again after a purge' || diag "$(cat "$scratch/dpkg")"
    echo 'LIVESCORE_OPTIONS=--max-per-client 1000' >>/etc/default/livescore
    systemctl -q enable --now $socket
    eventually test -e "$db-shm"
    after 'a purge and another installation' 'Started livescore-fork.service'
    unfollow 'each viewer has had each row once, in order, over a reboot, a purge and another installation'
    systemctl -q disable --now $socket
    rm "$db"*
    sh systemd/debian/tests/serves >"$scratch/serves" 2>&1; ok $? "the package passes its own test, installed again after a purge" || diag "$(tail -n 5 "$scratch/serves")"
    rm -f "$db"*
    dpkg -P livescore >"$scratch/dpkg" 2>&1
    is "$(ls -d ${db%/*} 2>&1)" "ls: cannot access '${db%/*}': No such file or directory" 'a purge without a database leaves no folder'
}

[ $# -gt 0 ] || builds
two_boots "$@"
