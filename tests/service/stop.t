#!/bin/bash
# The end, in every mode: at SIGTERM a stream finishes its frame, says when to come back, and ends;
# the process exits with 0, whatever its client or its database does.  All timeouts are an hour, so
# that nothing else can end it.

. tests/lib/lib.sh
need curl python3 socat

never=(--max-stream 1h --write-timeout 1h --head-timeout 1h --heartbeat 1h)

# end PID - ends it; $how is its exit code
end() {
    kill -TERM "$1"
    eventually ended "$1" || kill -KILL "$1"
    wait "$1"
    how=$?
}

# well_ended FILE - whether a stream ended after a whole frame that says when to come back
well_ended() { tail -c 400 "$scratch/$1" | tr -d '\r' | tr '\n' '|' | grep -qaE '(^|\|)retry: [0-9]+\|\|$'; }

make_db
message m1 1 0

# A pipe, a socket, a pair of pipes.
mkfifo "$scratch/in"
start sh -c 'exec livescore "$@" <"$0/in" >"$0/piped" 2>"$0/log"' "$scratch" -d "$db" "${never[@]}"
pid=$!
exec 5>"$scratch/in"
printf 'GET /livescore HTTP/1.0\r\n\r\n' >&5
eventually shows piped '^id: '
end "$pid"
is "$how" 0 'SIGTERM ends a service on a pipe, with exit code 0'
well_ended piped; ok $? 'a stopped stream on a pipe says when to reconnect'
exec 5>&-
like "$(cat "$scratch/log")" 'why=stopped$' 'the log says that the stream was stopped'
exec 5<>"$scratch/in"
start sh -c 'exec livescore "$@" <"$0/in" >"$0/silent" 2>"$0/silent.log"' "$scratch" -d "$db" "${never[@]}"
pid=$!
eventually handles_term "$pid"
end "$pid"
is "$how" 0 'SIGTERM ends a service on a pipe that waits for a request'
exec 5>&-

# super OPTIONS - socat as an inetd
super() {
    : >"$scratch/super.log"
    start socat -d -d TCP-LISTEN:0,bind=127.0.0.1,fork "EXEC:livescore -d $db ${never[*]},$1" 2>"$scratch/super.log"
    super=$!
    eventually grep -q 'listening on' "$scratch/super.log"
    url=http://127.0.0.1:$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$scratch/super.log")
}
found() { pid=$(streams "-d $db --max-stream"); [ -n "$pid" ]; }
for options in nofork pipes; do
    super "$options"
    stream "super-$options" "$url/livescore"
    eventually shows "super-$options" '^id: '
    pid=''
    eventually found
    kill -TERM "$pid"
    eventually ended "$pid"; ok $? "SIGTERM ends a process of an inetd ($options)"
    wait "$client"
    is $? 0 "the stream of a process of an inetd ($options) ends cleanly"
    well_ended "super-$options"; ok $? "the stream of a process of an inetd ($options) ends with the time to come back"
    kill "$super"
done

# Sockets from systemd or an inetd.
for how_given in listen accept wait; do
    given "$how_given" livescore -d "$db" "${never[@]}"
    stream "given-$how_given" "$url/livescore"
    eventually shows "given-$how_given" '^id: '
    end "$service"
    is "$how" 0 "SIGTERM ends a service on a socket that was given ($how_given), with exit code 0"
    wait "$client"
    is $? 0 "the stream on a socket that was given ($how_given) ends cleanly"
    well_ended "given-$how_given"; ok $? "the stream on a socket that was given ($how_given) ends with the time to come back"
done

# Modes that fork: with clients that read, one that does not, a silent one, and refused ones.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
     INSERT INTO match_events(match_id, type, data) SELECT 'big', 'var', json_object('x', printf('%.*c', 200000, 'x')) FROM n"
serve --max-connections 8 "${never[@]}" || exit
for i in 1 2 3; do stream "s$i" "$url/livescore"; clients[i]=$client; done
for i in 1 2 3; do eventually shows "s$i" '^id: 1$'; done
printf 'GET /livescore?after=0 HTTP/1.0\r\n\r\n' >"$scratch/request"
mkfifo "$scratch/wake"
start sh -c 'exec python3 tests/lib/wire.py "$1" mute "$2/request" <"$2/wake" >"$2/mute"' sh "$port" "$scratch"
exec 8>"$scratch/wake"
eventually shows mute open
start sh -c 'exec python3 tests/lib/wire.py "$1" open 6 <"$2/wake" >"$2/held"' sh "$port" "$scratch"
eventually shows held open
eventually has_children "$service" 11; ok $? 'a listener has a poller, four streams, four silent clients, and two that are being refused' || diag "$(children "$service")"
mapfile -t all < <(child_pids "$service")
end "$service"
is "$how" 0 'SIGTERM ends a listener with a client that reads nothing, with exit code 0'
for i in 1 2 3; do wait "${clients[i]}"; echo $?; done >"$scratch/ends"
is "$(sort -u "$scratch/ends")" 0 'the streams of a listener end cleanly'
for i in 1 2 3; do well_ended "s$i"; ok $? "stream $i of a listener ends with the time to come back"; done
[ "$(cat "$scratch"/s[123] | grep -a '^retry' | sort -u | wc -l)" -ge 5 ]; ok $? 'the time to come back is drawn for each' # of six, two may be equal
left=0
for pid in "${all[@]}"; do ended "$pid" || left=$((left + 1)); done
is "$left" 0 'no process of a listener is left'
exec 8>&-

# Far behind, with a fast client.  It has half a second to take the frame that is being written; on a busy
# machine it may not run at all in that time: then the test tries again.
behind_ends() {
    serve "${never[@]}" || return
    start sh -c 'exec curl -sN --limit-rate 20M -o "$1" "$2"' sh "$scratch/behind" "$url/livescore?after=0"
    client=$!
    eventually shows behind '^id: 1[0-9]$'
    end "$service"
    echo "$how" >>"$scratch/behind.codes"
    wait "$client" && well_ended behind
}
eventually behind_ends; ok $? 'a stream that is far behind ends with a whole frame'
is "$(sort -u "$scratch/behind.codes")" 0 'SIGTERM ends a listener with a stream that is far behind, with exit code 0'

# A slow query: the table is replaced by an endless view.
slow=$scratch/slow.db
sqlite3 -bail "$slow" <sql/schema.sql >/dev/null
sqlite3 "$slow" "INSERT INTO match_events(match_id, data) VALUES ('m1', '{}');
    ALTER TABLE match_events RENAME TO kept;
    CREATE VIEW match_events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT i AS id, 'm' AS match_id, 'x' AS type, '{}' AS data, '' AS created_at FROM n WHERE i < 0;" 2>"$scratch/slow.log"
printf 'GET /livescore?after=0 HTTP/1.0\r\n\r\n' >"$scratch/request"
livescore --no-poller -d "$slow" <"$scratch/request" >"$scratch/queried" 2>"$scratch/query.log" &
pid=$!
started+=("$pid")
spent() { cut -d ' ' -f 14 "/proc/$pid/stat"; }
busy() { [ "$(spent)" -ge $((before + 4)) ]; }
eventually handles_term "$pid"
before=$(spent)
eventually busy # 40 ms of processor time: it is in that query, which is given up after 5 s
end "$pid"
is "$how" 0 'SIGTERM ends a service that runs a query that never ends, with exit code 0' || diag "$(cat "$scratch/slow.log" "$scratch/query.log")"
well_ended queried; ok $? 'the stream of a query that never ends is ended with the time to come back' || diag "$(cat "$scratch/queried")"
like "$(cat "$scratch/query.log")" 'status=200 .*why=stopped' 'the log says of a query that never ends that it was stopped, not that it took too long'
no_crash
done_testing
