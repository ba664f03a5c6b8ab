#!/bin/bash
# The end, in every mode: at SIGTERM a stream finishes its frame, says when to come back, and ends;
# the process exits with 0 within a second, whatever its client or its database do.

. tests/lib/lib.sh
need curl python3 socat

# end PID - ends it; $how is its exit code, and how long that took if it was a second or more
end() {
    local status began=${EPOCHREALTIME/./} took
    kill -TERM "$1"
    wait "$1"
    status=$?
    took=$((${EPOCHREALTIME/./} - began))
    how=$status
    [ "$took" -lt 1000000 ] || how="$status after $took us"
}

# well_ended FILE - whether a stream has ended behind a whole frame, the last of which says when to come back
well_ended() { tail -c 400 "$scratch/$1" | tr -d '\r' | tr '\n' '|' | grep -qaE '(^|\|)retry: [0-9]+\|\|$'; }

make_db
message m1 1 0

# A pipe, a socket, a pair of pipes.
mkfifo "$scratch/in"
start sh -c 'exec livescore -d "$1" <"$2/in" >"$2/piped" 2>"$2/log"' sh "$db" "$scratch"
pid=$!
exec 5>"$scratch/in"
printf 'GET /livescore HTTP/1.0\r\n\r\n' >&5
eventually shows piped '^id: '
end "$pid"
is "$how" 0 'a pipe: SIGTERM ends it well'
well_ended piped; ok $? 'with the time to come back'
exec 5>&-
like "$(cat "$scratch/log")" 'why=stopped$' 'the log says why'
exec 5<>"$scratch/in"
start sh -c 'exec livescore -d "$1" <"$2/in" >"$2/silent" 2>"$2/silent.log"' sh "$db" "$scratch"
pid=$!
eventually grep -qx livescore "/proc/$pid/comm"
sleep 0.2
end "$pid"
is "$how" 0 'who waits for a request ends, too'
exec 5>&-

# super OPTIONS - socat as an inetd
super() {
    : >"$scratch/super.log"
    start socat -d -d TCP-LISTEN:0,bind=127.0.0.1,fork "EXEC:livescore -d $db --max-stream 20s,$1" 2>"$scratch/super.log"
    super=$!
    eventually grep -q 'listening on' "$scratch/super.log"
    url=http://127.0.0.1:$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$scratch/super.log")
}
found() { pid=$(livescores "-d $db --max-stream"); [ -n "$pid" ]; }
for options in nofork pipes; do
    super "$options"
    stream "super-$options" "$url/livescore"
    eventually shows "super-$options" '^id: '
    pid=''
    eventually found
    kill -TERM "$pid"
    eventually ended "$pid"; ok $? "inetd's $options: SIGTERM ends the process within a second"
    wait "$client"
    is $? 0 'and its stream cleanly'
    well_ended "super-$options"; ok $? 'with the time to come back'
    kill "$super"
done

# Sockets that systemd or an inetd opened.
for how_given in listen accept wait; do
    given "$how_given" livescore -d "$db"
    stream "given-$how_given" "$url/livescore"
    eventually shows "given-$how_given" '^id: '
    end "$service"
    is "$how" 0 "a socket that was given ($how_given): SIGTERM ends it well"
    wait "$client"
    is $? 0 'and its stream cleanly'
    well_ended "given-$how_given"; ok $? 'with the time to come back'
done

# Those that fork: with clients that read, one that does not, one that says nothing, and refused ones.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
     INSERT INTO match_events(match_id, type, data) SELECT 'big', 'var', json_object('x', printf('%.*c', 200000, 'x')) FROM n"
serve --max-connections 8 || exit
for i in 1 2 3; do stream "s$i" "$url/livescore"; clients[i]=$client; done
for i in 1 2 3; do eventually shows "s$i" '^id: 1$'; done
printf 'GET /livescore?after=0 HTTP/1.0\r\n\r\n' >"$scratch/request"
mkfifo "$scratch/wake"
start sh -c 'exec python3 tests/lib/wire.py "$1" mute "$2/request" <"$2/wake" >"$2/mute"' sh "$port" "$scratch"
exec 8>"$scratch/wake"
eventually shows mute open
start sh -c 'exec python3 tests/lib/wire.py "$1" open 6 <"$2/wake" >"$2/held"' sh "$port" "$scratch"
eventually shows held open
eventually has_children "$service" 11; ok $? 'there are a poller, four streams, four silent clients, two refused' || diag "$(children "$service")"
mapfile -t all < <(child_pids "$service")
end "$service"
is "$how" 0 'a listener ends well, with a client that reads nothing'
for i in 1 2 3; do wait "${clients[i]}"; echo $?; done >"$scratch/ends"
is "$(sort -u "$scratch/ends")" 0 'its streams end cleanly'
for i in 1 2 3; do well_ended "s$i"; ok $? 'with the time to come back'; done
is "$(cat "$scratch"/s[123] | grep -a '^retry' | sort -u | wc -l)" 6 'which is drawn for each'
left=0
for pid in "${all[@]}"; do ended "$pid" || left=$((left + 1)); done
is "$left" 0 'no process of its is left'
exec 8>&-

# Whoever is far behind, and reads fast: it gets whole frames, and the cursor of the last one.
serve || exit
start sh -c 'exec curl -sN --limit-rate 20M -o "$1" "$2"' sh "$scratch/behind" "$url/livescore?after=0"
client=$!
eventually shows behind '^id: 1[0-9]$'
end "$service"
is "$how" 0 'a stream that is far behind ends well'
wait "$client"
is $? 0 'and cleanly'
well_ended behind; ok $? 'behind a whole frame'

# A query that takes long: a view in place of the table, which never ends.
slow=$scratch/slow.db
sqlite3 -bail "$slow" <sql/schema.sql >/dev/null
sqlite3 "$slow" "INSERT INTO match_events(match_id, data) VALUES ('m1', '{}');
    ALTER TABLE match_events RENAME TO kept;
    CREATE VIEW match_events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS id, 'm' AS match_id, 'x' AS type, '{}' AS data, '' AS created_at FROM n WHERE i < 0;" 2>"$scratch/slow.log"
printf 'GET /livescore?after=0 HTTP/1.0\r\n\r\n' >"$scratch/request"
livescore -d "$slow" <"$scratch/request" >"$scratch/queried" 2>"$scratch/query.log" &
pid=$!
started+=("$pid")
sleep 0.5
end "$pid"
is "$how" 0 'a query that never ends does not hold it up' || diag "$(cat "$scratch/slow.log" "$scratch/query.log")"
well_ended queried; ok $? 'and its stream ends well' || diag "$(cat "$scratch/queried")"
like "$(cat "$scratch/query.log")" 'status=200 .*why=stopped' 'as the log says'
no_crash
done_testing
