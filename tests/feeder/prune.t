#!/bin/bash
# feeder prune: what it deletes and what it keeps; writers and streams go on meanwhile, and it may be
# interrupted.
# tags: slow
LEAKS=0
. tests/lib/lib.sh
need sqlite3 curl python3

fresh() {
    rm -f "$db"*
    feeder -q -d "$db" init
}
# rows COUNT [AGE] - inserts that many rows of that age
rows() {
    sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
         INSERT INTO match_events(match_id, type, data, created_at)
         SELECT 'm' || (i % 10), iif(i % 5, 'message', 'goal'), json_object('n', i, 'text', printf('%0200d', i)),
                strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${2:-0 seconds}') FROM n"
}
state() { sql "SELECT ifnull(min(id), '-') || ' ' || ifnull(max(id), '-') || ' ' || count(*) || ' ' || (SELECT value FROM meta) FROM match_events"; }

fresh
rows 10 '8 days'
rows 10 '6 days'
rows 10
is "$(feeder -d "$db" prune --older-than 7d --dry-run) $(state)" '10 of 30 rows would be deleted 1 30 30 0' '--dry-run says what would go, and deletes nothing'
like "$(feeder -d "$db" prune --older-than 7d 2>&1; echo $?)" "^feeder: $db: 10 of 30 rows deleted, [0-9]+ pages given back.0$" 'prune says what it did'
is "$(state)" '11 30 20 10' 'rows that are older go, and how far is remembered'
feeder -q -d "$db" prune --older-than 7d
is "$(state)" '11 30 20 10' 'a second prune deletes nothing'
feeder -q -d "$db" prune --older-than 5d --keep-last 15
is "$(state)" '16 30 15 15' '--keep-last keeps rows that are older'
feeder -q -d "$db" prune --older-than 5d --keep-last 1
is "$(state)" '21 30 10 20' '--keep-last keeps no row that --older-than does not want to keep'
feeder -q -d "$db" prune --keep-last 3
is "$(state)" '28 30 3 27' '--keep-last alone goes by number'
feeder -q -d "$db" prune --keep-last 3
is "$(state)" '28 30 3 27' '--keep-last keeps exactly as many rows as it says'
feeder -q -d "$db" prune --keep-last 4
is "$(state)" '28 30 3 27' '--keep-last with more rows than there are keeps all'
feeder -q -d "$db" prune --older-than 0
is "$(state)" '- - 0 30' '--older-than 0 empties the log'
rows 1
is "$(state)" '31 31 1 30' 'ids continue after the log was emptied'
is "$(sql 'SELECT count(*) FROM matches')" 8 'matches keep their last state'
fresh
rows 2 '8 days'; rows 1; rows 2 '9 days'
feeder -q -d "$db" prune --older-than 7d
is "$(state)" '3 5 3 2' 'a young row keeps all rows after it'

# Impossible times, from a wrong clock or allowed by an older schema
# odd TIME - one row with that time
odd() { sql "PRAGMA ignore_check_constraints = ON; INSERT INTO match_events(match_id, data, created_at) VALUES ('odd', '{}', $1)"; }
week() { feeder -d "$db" prune --older-than 7d "$@" 2>&1; }
for time in "'yesterday'" "''" "'2026-01-01 00:00:00'" "'2022-12-1xT18:00:00.000Z'" "'2022-12-18T18:00:00.000Z' || char(0)" \
    "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 year')" "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+25 hours')"; do
    fresh
    odd "$time"; rows 500 '8 days'; odd "$time"; rows 20 '8 days'; rows 1
    like "$(week --dry-run)" "2 rows with a time that can't be right, the first is row 1, of .*522 of 523 rows would be deleted\$" "--dry-run says that it passes over a time of $time"
    like "$(week)" "$db: 2 rows with a time that can't be right, the first is row 1, of .*: deleted with a later row.*522 of 523 rows deleted" "prune says that it passes over a time of $time"
    is "$(state)" '523 523 1 522' "prune keeps only the new row after a time of $time"
    is "$(week)" "feeder: $db: 0 of 1 rows deleted, 0 pages given back" "a second prune has nothing to say about a time of $time"
    [ -z "$sanitized" ] || break # SQL tells such times from others
done
fresh
rows 3 '8 days'; odd "'yesterday'"; odd "'2022-12-18'"; odd "'2999-01-01T00:00:00.000Z'"
like "$(week --force)" '3 rows .* the first is row 4, of yesterday:.*3 of 6 rows' 'a row with a wrong time stays if no old row follows it'
is "$(state)" '4 6 3 3' 'a row with any wrong time stays'
rows 1 '6 days'
week >/dev/null
is "$(state)" '4 7 4 3' 'a row with a wrong time stays if a young row follows it'
fresh
rows 2 '100 days'; odd "'yesterday'"; rows 1 '8 days'; rows 1 '10 days'; odd "'yesterday'"
like "$(week --keep-last 3)" '1 row with .* the first is row 3, .*2 of 6 rows' 'a row with a wrong time stays if --keep-last keeps the row after it'
like "$(week --force)" '2 rows with .* the first is row 3, .*3 of 4 rows' 'a row with a wrong time goes with the row after it'
is "$(state)" '6 6 1 5' 'a row with a wrong time stays if no row after it goes'

# All others are believed.
fresh
for i in 1 2 3 4 5 6 7 8 9; do odd "'2022-12-18T18:0$i:00.000Z'"; done
is "$(feeder -d "$db" check 2>&1)" "feeder: $db: 0 findings, 0 repaired" 'old but correct times are not a finding'
is "$(week --force)" "feeder: $db: 9 of 9 rows deleted, 0 pages given back" 'rows of a historical log are pruned by their times'
fresh
for days in 40 30 30 28 30 30 30; do rows 1 "$days days"; done
is "$(week --force)" "feeder: $db: 7 of 7 rows deleted, 0 pages given back" 'rows from a clock that was ahead do not keep older rows'
fresh
rows 1 '204 hours'; rows 1 '10 days'; rows 1 '300 days'
is "$(week --force)" "feeder: $db: 3 of 3 rows deleted, 0 pages given back" 'rows are deleted also where the clock went back between them'
fresh
rows 1; odd "'1970-01-01T00:00:10.000Z'"; rows 1 '9 days'
is "$(week)" "feeder: $db: 0 of 3 rows deleted, 0 pages given back" 'a time of 1970 does not take young rows before it away'
fresh
odd "'1970-01-01T00:00:10.000Z'"; rows 1
is "$(week --force)" "feeder: $db: 1 of 2 rows deleted, 0 pages given back" 'a time of 1970 does not delete young rows after it'
fresh
odd "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+23 hours')"; rows 2 '8 days'
is "$(week)" "feeder: $db: 0 of 3 rows deleted, 0 pages given back" 'a clock that is ahead by less than a day is believed'
fresh
odd "'yesterday'"; rows 1; odd "'yesterday'"
is "$(feeder -d "$db" prune --keep-last 1 2>&1)" "feeder: $db: 2 of 3 rows deleted, 0 pages given back" '--keep-last asks for no time'
is "$(feeder -d "$db" prune --older-than 0 2>&1)" "feeder: $db: 1 of 1 rows deleted, 0 pages given back" '--older-than 0 asks for no time'
fresh
odd "'yesterday'"; rows 9 '8 days'
is "$(week --force --quiet)" '' '--quiet says nothing of rows with a wrong time'
is "$(state)" '- - 0 10' '--quiet deletes the same rows'

like "$(feeder -d "$db" prune 2>&1; echo $?)" '--older-than 7d, or --keep-last.*64$' 'prune without an option is a usage error'
like "$(feeder -d "$db" prune --older-than week 2>&1; echo $?)" '--older-than: expected a duration.*found week.64$' 'an age that is no duration is refused'
for bad in -1 x 1.5 1000000000001; do
    like "$(feeder -d "$db" prune --keep-last "$bad" 2>&1; echo $?)" "--keep-last: expected a number from 0 to 1000000000000, found $bad.64\$" "--keep-last $bad is refused"
done
feeder -q -d "$db" prune --keep-last 1000000000000; ok $? '--keep-last 1000000000000, the largest, is taken'
like "$(feeder -d "$scratch/no.db" prune --keep-last 1 2>&1; echo $?)" 'no such file.*66$' 'a missing database is not made'

# With a clock that is ahead, every row looks old.
doubt() { feeder -d "$db" prune --older-than 7d "$@" 2>&1; echo $?; }
fresh
rows 5 '8 days'; rows 5 '7 days'
before=$(state)
like "$(doubt)" "$db: no row is younger, the newest is of 20[^ ]*Z: nothing is deleted, as the clock may be ahead: --force empties the log.*0 of 10 rows deleted, [0-9]+ pages given back.0\$" \
    'a log without a young row is not emptied, and the exit code is 0'
is "$(state)" "$before" 'all rows stay in a log without a young one'
is "$(doubt -q)" 0 'a quiet prune says nothing of a log without a young row'
like "$(doubt --dry-run)" 'no row is younger.*0 of 10 rows would be deleted.0$' '--dry-run says that nothing would go'
like "$(doubt --keep-last 3)" ' 7 of 10 rows deleted.*0$' '--keep-last limits the deletion, whatever the clock says'
like "$(doubt --force)" ' 3 of 3 rows deleted.*0$' '--force deletes rows whatever the clock says'
is "$(doubt)" "feeder: $db: 0 of 0 rows deleted, 0 pages given back
0" 'an empty log raises no doubt'
fresh
rows 5 '400 days'; rows 5
like "$(doubt -q)" "^feeder: $db: row 5 is of 20[^ ]*Z and row 6 of 20[^ ]*Z: the clock may have jumped, so nothing is deleted: correct it, or use --force if it is right.65\$" \
    'rows from before a jump of the clock stay, and prune reports an error'
is "$(state)" '1 10 10 0' 'all rows stay when the clock has jumped'
like "$(doubt --force)" ' 5 of 10 rows deleted.*0$' '--force deletes the rows from before a jump of the clock'
fresh
rows 1 '36 days'; rows 1 '145 hours'
like "$(doubt)" ' 1 of 2 rows deleted.*0$' 'a gap of less than 30 days is not taken for a jump of the clock'
fresh
rows 1 '866 hours'; rows 1 '6 days'
like "$(doubt)" ' 0 of 2 rows deleted.*65$' 'a gap of more than 30 days is taken for a jump of the clock'
fresh
rows 1 '140 days'; rows 1 '50 days'
like "$(feeder -d "$db" prune --older-than 100d 2>&1; echo $?)" ' 1 of 2 rows deleted.*0$' 'a gap that is shorter than the time that is kept raises no doubt'

# What is left depends on speed, not on memory.
[ -z "$sanitized" ] || done_testing

# Space
fresh
rows 20000
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/ignored"
before=$(stat -c %s "$db")
feeder -q -d "$db" prune --keep-last 1000
[ "$(stat -c %s "$db")" -lt $((before / 8)) ]; ok $? 'the file shrinks by the size of the deleted rows'
is "$(sql 'PRAGMA freelist_count; PRAGMA integrity_check')" '0
ok' 'prune leaves no free page, and a sound database'

# While others write and follow.
fresh
rows 30000 '1 day'
serve || exit
stream live "$url/livescore?after=30000&type=live"
eventually shows live '^: '
cat >"$scratch/writer.py" <<'PYTHON'
import os, sqlite3, sys, time
path, ready, wrote = sys.argv[1:]
db = sqlite3.connect(path, timeout=float(os.environ["PATIENCE"]), isolation_level=None)
open(ready, 'w').close()
n = 0
while not os.path.exists(ready + '.end'):
    db.execute("INSERT INTO match_events(match_id, type, data) VALUES ('w', 'live', json_object('n', ?))", (n,))
    n += 1
    time.sleep(0.005)
with open(wrote + '.part', 'w') as f:
    print(n, file=f)
os.rename(wrote + '.part', wrote)
PYTHON
start python3 "$scratch/writer.py" "$db" "$scratch/ready" "$scratch/wrote"
eventually test -e "$scratch/ready"
feeder -q -d "$db" prune --older-than 1h --force; ok $? 'prune succeeds while another writes'
touch "$scratch/ready.end"
eventually test -s "$scratch/wrote"; ok $? 'a writer is never kept from writing by prune'
wrote=$(cat "$scratch/wrote")
[ "$wrote" -gt 5 ]; ok $? 'a writer has its turn several times during one prune' || diag "$wrote"
is "$(sql "SELECT min(id) || ' ' || count(*) FROM match_events")" "30001 $wrote" 'a prune beside a writer leaves the new rows, and no old one'
eventually shows live '^event: live' "$wrote"; ok $? 'a client gets every row that is written during a prune'
is "$(grep -c '^event: reset' "$scratch/live")" 0 'a client past the rows that were deleted gets no reset'
stream old "$url/livescore?after=100"
eventually shows old '"reason":"gone","oldest":3000[01]'; ok $? 'a cursor before the rows that were deleted gets a reset' || diag "$(cat "$scratch/old")"

# Interrupted
begun() { [ "$(sql 'SELECT value FROM meta')" -gt 0 ]; }
# interrupted - unless it was at its end before that was seen
interrupted() {
    fresh
    rows 60000
    feeder -d "$db" prune --older-than 0 2>"$scratch/said" &
    pid=$!
    eventually begun
    signal TERM $pid
    wait $pid
    status=$?
    [ $status -ne 0 ] || [ "$(sql 'SELECT count(*) FROM match_events')" -gt 0 ]
}
eventually interrupted
is $status 0 'a prune that is interrupted ends in good order'
like "$(cat "$scratch/said")" 'stopped: [0-9]+ of 60000 rows deleted' 'a prune that is interrupted says how far it was'
is "$(state)" "$(sql "SELECT (value + 1) || ' 60000 ' || (60000 - value) || ' ' || value FROM meta")" 'a prune that is interrupted has deleted the oldest rows, and no others'
for i in 1 2 3 4 5; do
    feeder -q -d "$db" prune --older-than 0 &
    pid=$!
    sleep "0.0$i"
    kill -KILL $pid
    wait $pid 2>/dev/null
    is "$(state) $(sql 'PRAGMA integrity_check')" "$(sql "SELECT (value + 1) || ' 60000 ' || (60000 - value) || ' ' || value FROM meta") ok" "a prune that is killed, kill $i, leaves a whole database"
done
no_crash
done_testing
