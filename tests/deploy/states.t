#!/bin/bash
# Whatever state root's commands, a publisher or a reboot leave the files in: each command of feeder and each mode of
# livescore, in its unit, works or says the remedy; after the remedy all work, and systemctl start succeeds.
# tags: once systemd

. tests/lib/lib.sh
need curl jq make sqlite3

[ "${1:-}" = first ] || in_systemd
grep -qz '^container=with-systemd' /proc/1/environ || exit # it removes /var/lib/livescore

db=/var/lib/livescore/livescore.db
folder=${db%/*}
good=/var/lib/good
url=http://127.0.0.1:8000
# shellcheck disable=SC2034 # the states use it
insert="INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'corner', '{}')"

# --- the states, as root or a publisher leaves them

# A line is a name, what leaves it, and the remedy where systemd-tmpfiles --create is none.
states() {
    cat <<'STATES'
root's SELECT, which was the last to close the database @ sqlite3 $db "SELECT max(id) FROM match_events"
root's INSERT, which left -wal and -shm @ sqlite3 -cmd ".filectrl persist_wal 1" $db "$insert"
-wal and -shm of root @ chown root:root $db-wal $db-shm
-wal and -shm that only root may read @ chown root:root $db-wal $db-shm; chmod 600 $db-wal $db-shm
a -shm of root, and no -wal @ rm -f $db-wal; chown root:root $db-shm; chmod 644 $db-shm
a sqlite3 of root that was killed while it wrote @ (echo "BEGIN; $insert;"; kill -KILL $BASHPID) | sqlite3 $db
a publisher's INSERT @ runuser -u publisher -- sqlite3 $db "$insert"
-wal and -shm of a publisher @ chown publisher:publisher $db-wal $db-shm
a database that root has moved there @ rm -f $db*; cp $good/livescore.db $folder/new.db; chmod 600 $folder/new.db; mv $folder/new.db $db
a database that root has moved there, beside the old -wal and -shm @ cp $good/livescore.db $folder/new.db; mv $folder/new.db $db
a database of a publisher @ chown publisher:publisher $db
a database that is a copy of the live one without its -wal @ sqlite3 -cmd ".filectrl persist_wal 1" $db "$insert"; cp $db $folder/copy.db; mv $folder/copy.db $db
a database that nobody may write to @ chmod 444 $db
a folder that was moved away @ rm -rf /var/lib/aside; mv $folder /var/lib/aside @ mv /var/lib/aside $folder
a database that was moved away @ mv $db $folder/aside.db @ rm -f $db*; mv $folder/aside.db $db
an empty file of root @ rm -f $db*; : >$db; chmod 600 $db @ systemd-tmpfiles --create; runuser -u feeder -- feeder -q init; runuser -u feeder -- feeder -q add m1 corner '{}'
a reboot, with the -shm of the last boot, full of old locks and bytes @ head -c 32768 /dev/urandom >$db-shm; head -c 4096 /dev/urandom >$db-ring
a ring and a bell of root @ rm -f $db-ring $db-bell; : >$db-ring; mkfifo $db-bell; chmod 600 $db-ring $db-bell
a file for a bell and a bell for a ring @ rm -f $db-ring $db-bell; mkfifo $db-ring; : >$db-bell
a folder for a ring @ rm -f $db-ring; mkdir $db-ring @ rmdir $db-ring
a FIFO for a database @ rm -f $db*; mkfifo $db; chmod 666 $db @ rm $db; cp -a $good/. $folder
other bytes in a -wal @ head -c 40000 /dev/urandom >$db-wal @ runuser -u feeder -- feeder -q check
a link for a -shm @ rm -f $db-shm; ln -s /etc/passwd $db-shm @ rm $db-shm
a queue of root @ rm -f $db-queue; : >$db-queue; chmod 600 $db-queue
a journal of root @ head -c 512 /dev/zero >$db-journal; printf '\\331\\325\\005\\371\\040\\241\\143\\327' | dd of=$db-journal conv=notrunc status=none; chmod 600 $db-journal
a folder that only root may enter @ chown root:root $folder; chmod 700 $folder
a folder that feeder may not write to @ chown root:livescore $folder; rm -f $db-wal $db-shm
STATES
}

# --- the commands, each in a unit as hardened as livescore-prune

commands() {
    cat <<'COMMANDS'
init
add m1 corner {}
load /run/update.json
simulate --rate 1000 --seed 1 --for 0.01s
void $(feeder add m1 corner {} 2>/dev/null || echo 1)
status
cursor
check
backup --force /var/lib/livescore/unit.db
prune --older-than 7d
upgrade
COMMANDS
}

prepare() {
    make -s install && systemd-sysusers && systemd-tmpfiles --create
    useradd -M -G livescore,feeder publisher
    runuser -u feeder -- feeder -q init
    runuser -u feeder -- feeder -q add m1 corner '{}' >"$scratch/added"
    mkdir $good && cp -a $folder/. $good
    jq -cn '{match_id: "m2", home_team: "A", away_team: "B", score: {home: 1, away: 0}, time: "1", status: "First Half"}' >/run/update.json
    {
        echo 'cd /; PATH=/usr/local/bin:$PATH'
        commands | sed 's|.*|said=$(feeder & 2>\&1); echo "$? & ${said//$'"'\\\\n'"'/ }"|'
    } >/usr/local/lib/commands.sh
    sed 's|^ExecStart=.*|ExecStart=/bin/bash /usr/local/lib/commands.sh\nStandardOutput=truncate:/run/said\nTimeoutStartSec=60|' \
        /usr/local/lib/systemd/system/livescore-prune.service >/run/systemd/system/commands.service
    systemctl daemon-reload
}

fresh() {
    systemctl stop livescore.socket livescore-fork.socket livescore-poll
    rm -rf "${folder:?}"
    cp -a $good $folder
    since=$(date +'%F %T')
}

# runs PAIR - a line for each command and for the pair of units that serves: its status, 0 if it has worked, and what it said
runs() {
    systemctl start commands
    cat /run/said
    if systemctl start "$1.socket" 2>"$scratch/refused"; then
        echo "$(curl -s -m "$PATIENCE" -o "$scratch/body" -w '%{http_code}' "$url/livescore?format=json&after=0" | sed 's/^200/0/') $1 $(cat "$scratch/body")"
        systemctl stop "$1.socket"
    else
        journalctl --sync
        echo "78 $1 $(journalctl -q -o cat --no-pager -u "$1.socket" --since "$since" | grep ': .*: ' | tr '\n' ' ')"
    fi
}
healthz() { curl -s -m "$PATIENCE" -o "$scratch/body" -w '%{http_code}' "$url/healthz"; }
said() { journalctl --sync; journalctl -q -o cat --no-pager --since "$since" | grep -q "$1"; }
poller_is_alive() { feeder "$@" status --json | jq -e '.poller != null' >"$scratch/poller"; }
remedy="'feeder .*'|'systemd-tmpfiles |'chmod |'chown |: remove it|: choose another, or remove it|: delete it|: check its folder|: Permission denied|is missing or not accessible|can't be read"

prepare
pair=livescore
while IFS=@ read -r name leaves corrects; do
    fresh
    eval "$leaves" >"$scratch/left" 2>&1
    [ $pair = livescore ] && pair=livescore-fork || pair=livescore
    runs $pair >"$scratch/runs"
    is "$(grep -v '^0 ' "$scratch/runs" | grep -vE "^(6[5-9]|7[0-8]|503) .*($remedy)")" '' "$name: each command works or says the remedy"
    eval "${corrects:-systemd-tmpfiles --create}" >"$scratch/corrected" 2>&1
    is "$(runs $pair | grep -v '^0 ')" '' "$name: after the remedy all work"
done < <(states | sed 's/ @ /@/g')

# The sandbox of a running process is bound to the folder itself.
fresh
systemctl start livescore-fork.socket
is "$(healthz)" 200 'a service runs before its folder is replaced'
mv $folder /var/lib/replaced && cp -a $good $folder
is "$(healthz)" 503 'a running service cannot read a folder that replaces its own'
said 'if its folder was replaced, restart livescore and livescore-poll'; ok $? 'a service whose folder was replaced says the remedy'
systemctl restart livescore-fork livescore-poll
eventually poller_is_alive; ok $? 'after a restart the poller serves a folder that was replaced'
is "$(healthz)" 200 'after a restart the service serves a folder that was replaced'
systemctl stop livescore-fork.socket

# As livescore.default says.
cp -a $good/livescore.db /var/lib/livescore/other.db
systemctl start livescore-fork.socket
healthz >"$scratch/first" # so that the poller starts
echo LIVESCORE_DB=/var/lib/livescore/other.db >>/etc/default/livescore
systemctl restart livescore-fork.socket livescore-poll
healthz >"$scratch/second"
eventually poller_is_alive -d /var/lib/livescore/other.db; ok $? 'after a restart of socket and poller the poller has another database'
is "$(healthz)" 200 'after a restart of socket and poller another database is served'
systemctl stop livescore-fork.socket

cp -a $good/livescore.db /tmp/livescore.db
echo LIVESCORE_DB=/tmp/livescore.db >>/etc/default/livescore
! systemctl start livescore-fork.socket 2>"$scratch/refused"; ok $? 'a socket does not start for a database that only its service does not see'
systemctl reset-failed
is "$(systemctl list-units --all --failed --plain --no-legend '*livescore*' 'feeder*' commands.service)" '' 'no failed unit is left'
journalctl --sync
is "$(journalctl -q -o cat --no-pager | grep -E 'SIGSYS|status=31|died of' | sort -u)" '' 'no process made a call that its sandbox forbids'
done_testing
