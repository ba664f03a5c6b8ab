#!/bin/bash
# Litestream with systemd/examples/litestream.yml: it copies the database while rows flow, feeder check, prune and
# backup do not disturb it, and its copy is restored under running streams.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/document.sh
need curl npm sqlite3 python3

VERSION=1.0.1 # of the package; the program in it is 0.3.13
litestream=.build/npm/litestream-$VERSION/node_modules/@flydotio/litestream-linux-x64/litestream
[ -x "$litestream" ] || npm install --silent --no-save --no-package-lock --no-audit --no-fund \
    --prefix ".build/npm/litestream-$VERSION" "@flydotio/litestream-linux-x64@$VERSION" >"$scratch/npm.log" 2>&1 ||
    missing_here "npm can't get litestream: $(tail -n 1 "$scratch/npm.log")"

sed -e "s|/var/lib/livescore/livescore.db|$db|; s|/var/backups/livescore|$scratch/copy|" \
    -e 's|^    replicas:|    monitor-interval: 100ms\n&|; s|^        snapshot|        sync-interval: 100ms\n&|' systemd/examples/litestream.yml >"$scratch/litestream.yml"
replicate() { start "$litestream" replicate -config "$scratch/litestream.yml" >>"$scratch/litestream.log" 2>&1; copier=$!; }
generations() { find "$scratch/copy/generations" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l; }
has_generations() { [ "$(generations)" -ge "$1" ]; }
restore() { rm -f "$scratch"/restored.db*; "$litestream" restore -config "$scratch/litestream.yml" -o "$scratch/restored.db" "$db" >>"$scratch/litestream.log" 2>&1; }
# restored_as_shown - by the commands of systemd/README.md
restored_as_shown() {
    rm -f "$scratch"/restored.db*
    copied systemd/README.md text 1 -e "s|^litestream restore|$litestream restore -config $scratch/litestream.yml|" \
        -e "s|/var/lib/livescore/.livescore.db|$scratch/.live.db|; s|/var/lib/livescore/livescore.db|$db|; s|/var/lib/livescore/restored.db|$scratch/restored.db|; s|^sqlite3|& -cmd '.timeout ${PATIENCE}000'|"
}
head_id() { sqlite3 -cmd ".timeout ${PATIENCE}000" "$1" 'SELECT max(id) FROM match_events'; }

feeder -q -d "$db" load tests/data/matches.json
serve --heartbeat 1s --max-per-client 1000 || exit
replicate
eventually has_generations 1; ok $? 'Litestream copies the database while it is served'

# All at once
: >"$scratch/final"
start python3 tests/lib/resume.py "$port" 10 "$scratch/final" >"$scratch/trouble" 2>"$scratch/connections"
clients=$!
feeder -q -d "$db" simulate --rate 500 --for 6s & started+=($!)
writer=$!
sleep 1
feeder -q -d "$db" check >"$scratch/check"
is "$? $(sed "s/process $copier/process PID/" "$scratch/check")" "0 $db: replicated by Litestream, process PID" 'check finds nothing wrong with a database that Litestream replicates, and names the process'
feeder -q -d "$db" backup "$scratch/backup.db"; ok $? 'a database that Litestream replicates can be copied'
sqlite3 -cmd '.timeout 100' "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$scratch/out"
wait $writer; ok $? 'feeder writes while Litestream copies'
sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" 'SELECT json_array(id, type, data) FROM match_events ORDER BY id' >"$scratch/final.rows"
head_id "$db" >"$scratch/final"
wait "$clients"
is "$(cat "$scratch/trouble")" '' 'each of 10 clients has every row once, in order, while Litestream copies'
feeder -q -d "$db" prune --keep-last 500; ok $? 'a database that Litestream replicates can be pruned'
is "$(generations)" 1 'check, backup, prune and a checkpoint do not make Litestream start over'

# Away
kill "$copier"; wait "$copier"
restore; ok $? 'the copy can be restored'
is "$(sqlite3 "$scratch/restored.db" 'SELECT * FROM match_events; SELECT * FROM matches' | md5sum)" "$(sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" 'SELECT * FROM match_events; SELECT * FROM matches' | md5sum)" \
    'the copy has all rows and states'
feeder -q -d "$db" check >"$scratch/check"
is $? 65 'check finds that Litestream does not run'
like "$(cat "$scratch/check")" "^$db: Litestream does not run: a checkpoint makes it copy .* start it; or, .*DROP TABLE _litestream_seq; DROP TABLE _litestream_lock'\$" 'check reports a checkpoint while Litestream does not run, with the remedy'

# Restored under running streams
before=$(head_id "$db")
stream level "$url/livescore?after=$before"
eventually shows level '^: livescore after='
restored_as_shown; ok $? 'the commands of systemd/README.md restore the copy' || diag "$(cat "$scratch/copied")"
feeder -q -d "$db" add derby kickoff '{"home_team":"A","away_team":"B"}'
eventually shows level '^event: kickoff'; ok $? 'a stream whose rows are all in the copy continues when the copy is restored'
is "$(grep -cE '^event: reset' "$scratch/level")" 0 'a stream whose rows are all in the copy is not reset when the copy is restored'
eventually shows level "^id: $((before + 2))"
restored_as_shown
eventually shows level '^event: reset'; ok $? 'a stream with rows that the copy lacks is reset when the copy is restored'
feeder -q -d "$db" add derby goal '{"team":"home"}' 2>"$scratch/errors"
feeder -q -d "$db" add derby kickoff '{"home_team":"C","away_team":"D"}'
eventually shows level '"home_team":"C"'; ok $? 'a stream that was reset goes on with new rows'
kill "$client"
replicate
again() { restore && [ "$(head_id "$scratch/restored.db")" = "$(head_id "$db")" ]; }
eventually again; ok $? 'Litestream copies what was written while it was stopped' || diag "$(head_id "$scratch/restored.db"), not $(head_id "$db"): $(tail -n 5 "$scratch/litestream.log")"
no_crash
done_testing
