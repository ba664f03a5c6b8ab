#!/bin/bash
# A cache keeps pages of the log as long as it may, while the log is pruned, goes back to a backup and grows
# differently, or is replaced: no client gets rows of the old log after a cursor of the new one, nor the other
# way round.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 curl jq python3

# grow UP_TO WORD - appends rows with that word
grow() {
    sql "WITH RECURSIVE n(i) AS (SELECT (SELECT ifnull(max(id), 0) + 1 FROM match_events) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         INSERT INTO match_events(match_id, type, data) SELECT 'm' || (i % 3), iif(i % 5, 'corner', 'message'), json_array('$2') FROM n"
}

# client NAME QUERY [PAGES] - follows the pages through the cache, up to the end of the log (pages.py)
client() { python3 tests/lib/pages.py "$cache" "$scratch/$1" "${2:-}" ${3:+"$3"} >>"$scratch/sources"; }
# later - the cache's clock passes the lifetime of a growing page
later() { curl -s "$cache/~TIME?2" >/dev/null; }
truth() { sql "SELECT id || ' ' || (data ->> '\$[0]') FROM match_events WHERE id > ${1:-0} ORDER BY id"; }
# has_truth CLIENT NAME - all its rows are in the log, and none is missing after its first
has_truth() {
    local first
    first=$(head -1 "$scratch/$1.rows" | cut -d ' ' -f 1)
    diff <(truth $((${first:-1} - 1))) "$scratch/$1.rows" >"$scratch/diff"
    ok $? "$2" || diag "$(head -5 "$scratch/diff")"
}
# is_reset CLIENT REASON NAME - it got a reset, and its rows since then are in the log
is_reset() {
    is "$(tail -1 "$scratch/$1.resets" 2>/dev/null)" "$2" "$3"
    is "$(grep -vxFf <(truth) "$scratch/$1.rows" | head -3)" '' "after a reset it has only rows of the log ($2)"
}

make_db
grow 3500 first
sqlite3 "$db" ".backup $scratch/backup.db"
grow 5200 second
serve || exit
start python3 tests/lib/cache.py 0 "$port" >"$scratch/cache.port"
eventually test -s "$scratch/cache.port"
cache=http://127.0.0.1:$(<"$scratch/cache.port")

all='?after=0&format=json'
client early "$all"
has_truth early 'a client gets the whole log through the cache'
for i in 1 2; do client half$i "$all" $i; done
client at-3000 "$all" 3
client few "$all&type=corner"
: >"$scratch/sources"
client again "$all"
has_truth again 'a second client gets the whole log'
[ "$(grep -c hit "$scratch/sources")" -ge 4 ]; ok $? 'full pages come from the cache' || diag "$(sort "$scratch/sources" | uniq -c)"
later
: >"$scratch/sources"
client third "$all"
has_truth third 'a third client gets the whole log, later'
[ "$(grep -c hit "$scratch/sources")" -ge 3 ]; ok $? 'full pages come from the cache later, too'

# Back to the backup, then other rows.
sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" ".restore $scratch/backup.db"
grow 5200 third
later
client new1 "$all"
has_truth new1 'after a restore, a new client gets the rows of the present log, and of no other'
client new2 "$all&type=corner"
is "$(grep -c second "$scratch/new2.rows") $(wc -l <"$scratch/new2.rows")" "0 $(sql "SELECT count(*) FROM match_events WHERE type = 'corner'")" 'after a restore, a filter brings the rows of the present log'
client early
is_reset early changed 'a client whose last row has changed gets a reset'
client half1
client half2
client at-3000
for one in half1 half2 at-3000; do
    # Its rows are common to both logs.  Cached pages may have led it on in the old one: then it gets a reset
    # at their end.
    [ -e "$scratch/$one.resets" ] || has_truth "$one" "a client in mid-log ($one) continues in the new log"
    [ ! -e "$scratch/$one.resets" ] || is_reset "$one" changed "a client in mid-log ($one) gets a reset at the end of the old log"
done
grow 9000 third
later
for one in early half1 new1; do client $one; done
is "$(tail -1 "$scratch/early.rows") $(tail -1 "$scratch/half1.rows")" '9000 third 9000 third' 'clients go on in the present log'
has_truth new1 'a client of the present log still has each row once'

# An older backup replaces the database.
stop_service
rm -f "$db-wal" "$db-shm"
cp "$scratch/backup.db" "$scratch/moved.db"
mv "$scratch/moved.db" "$db"
sql 'PRAGMA journal_mode = WAL' >/dev/null
grow 9500 fourth
serve_port=$port serve || exit
later
client new3 "$all"
has_truth new3 'after a backup was moved into place, a new client gets the rows of the present log'
client new1
is_reset new1 changed 'after a backup replaced the database, a client of the old log gets a reset'

# Pruned.
sql 'DELETE FROM match_events WHERE id <= 2600'
later
client new4 "$all"
is_reset new4 gone 'after rows were pruned, a new client of the whole log gets a reset'
client new3
is "$(tail -1 "$scratch/new3.rows") $(cat "$scratch/new3.resets" 2>/dev/null)" '9500 fourth ' 'after rows were pruned, a client that has them goes on'
client new5 '?after=2600&format=json'
has_truth new5 'after rows were pruned, a client gets those that are left'

# A new database replaces the old one, and outgrows it.
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
live=$db db=$scratch/new.db
make_db
grow 9700 fifth
mv "$db" "$live"
db=$live
later
client new6 "$all"
has_truth new6 'with a new database, a new client gets its rows'
for one in new3 new5; do
    client $one
    is_reset $one changed "with a new database, a client of the old one gets a reset ($one)"
done

# All waiting clients share one request.
later
before=$(curl -s "$cache/~COUNT")
sent=()
for i in $(seq 30); do
    start curl -s -m "$PATIENCE" -o "$scratch/waited$i" "$cache/livescore$(<"$scratch/new6.url")&wait=60"
    sent+=($!)
done
waiting() { [ "$(curl -s "$cache/~HELD")" -eq 30 ]; }
eventually waiting
grow 9701 fifth
for pid in "${sent[@]}"; do wait "$pid"; done
is "$(cat "$scratch"/waited* | jq -c '[.events[].id]' | sort | uniq -c | tr -s ' ')" ' 30 [9701]' 'all waiting clients get the row'
is "$(($(curl -s "$cache/~COUNT") - before))" 1 'all waiting clients are one request of the cache'
no_crash
done_testing
