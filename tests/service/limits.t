#!/bin/bash
# livescore's limits for itself and its clients: connections, time, and the end of both.
# tags: once slow

. tests/lib/lib.sh
need curl python3

status() { curl -s -m "$PATIENCE" -o "$scratch/body" -D "$scratch/head" -w '%{http_code}' "$url/healthz"; }
status_is() { [ "$(status)" = "$1" ]; }

# hold N - opens N silent connections, and waits for their processes; release ends them
hold() {
    rm -f "$scratch/wake"
    mkfifo "$scratch/wake"
    start sh -c 'exec python3 tests/lib/wire.py "$1" open "$2" <"$3/wake" >"$3/held"' sh "$port" "$1" "$scratch"
    holder=$!
    exec 7>"$scratch/wake"
    eventually shows held open
    eventually has_children "$service" $((idle + $1))
}
release() {
    exec 7>&-
    eventually ended "$holder"
    eventually has_children "$service" "$idle"
}

make_db
message m1 0 0

serve_idle --max-connections 3 --retry 2s --head-timeout 1h || exit
hold 3
is "$(status)" 503 'one connection more than --max-connections gets 503'
like "$(cat "$scratch/head")" $'Retry-After: [1-3]\r' 'a 503 says when to come back'
like "$(cat "$scratch/head")" 'Access-Control-Expose-Headers: Retry-After' 'a script of another origin may read when to come back'
like "$(cat "$scratch/head")" $'Refresh: 60\r' 'a browser loads the page of a 503 again'
like "$(cat "$scratch/body")" '"status":503,"title":"Service Unavailable","detail":".*too many' 'a 503 says that there are too many connections'
release
eventually status_is 200; ok $? 'a client that got 503 is served when others have gone'
hold 2
is "$(status)" 200 'the last connection that is allowed is served'
release

serve_idle --max-per-client 2 --head-timeout 1h || exit
hold 2
is "$(status)" 429 'one connection more than --max-per-client gets 429'
like "$(cat "$scratch/head")" $'Retry-After: [1-9][0-9]*\r' 'a 429 says when to come back'
release
eventually status_is 200; ok $? 'a client that got 429 is served when its other connections have gone'

# Each address is a client.
hold 2
is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' --interface 127.0.0.2 "$url/healthz")" 200 'a client of another address is served beside one that has all its places'
release

# What a client may ask for in a minute.
from() { curl -s -m "$PATIENCE" -o "$scratch/body" -D "$scratch/head" -w '%{http_code}\n' --interface "$1" "${@:2}"; }
# from_each ADDRESS N [OPTION...] - N connections of one curl, for a request each; the bodies go to $scratch/body1 ...
from_each() { curl -s -m "$PATIENCE" -o "$scratch/body#1" -D "$scratch/head" -w '%{http_code}\n' --interface "$1" -H 'Connection: close' "${@:3}" "$url/healthz?[1-$2]"; }
serve --max-requests 5 || exit
is "$(from_each 127.0.0.1 7 | xargs)" '200 200 200 200 200 429 429' 'each connection beyond --max-requests in a minute gets 429'
like "$(cat "$scratch/head")" $'Retry-After: [0-9]+\r' 'a 429 for too many requests says when to come back'
like "$(cat "$scratch/body7")" '^\{"status":429,.*\}$' 'a 429 of the listener is whole'
is "$(from 127.0.0.2 "$url/healthz" "$url/healthz?1" "$url/healthz?2" "$url/healthz?3" "$url/healthz?4" "$url/healthz?5" | grep -xE '[0-9]{3}' | xargs)" '200 200 200 200 200 429' 'each request beyond --max-requests on one connection gets 429'
serve --max-requests 4 --max-per-client 1 || exit
stream only "$url/livescore"
eventually shows only '^: livescore'
from_each 127.0.0.1 5 >"$scratch/codes"
is "$(grep -oh 'connections\|minute' "$scratch"/body[1-5] | xargs)" 'connections connections connections minute minute' 'a refusal for too many connections counts as a request; a refusal for too many requests does not'
serve --max-requests 5 --trust-proxy 127.0.0.1 || exit
forwarded() { from_each 127.0.0.1 6 -H "X-Forwarded-For: $1" | xargs; }
is "$(forwarded 192.0.2.1)" '200 200 200 200 200 429' 'behind a proxy the limit applies to the client that it names'
is "$(forwarded 2001:db8::1)" '200 200 200 200 200 429' 'a second client behind the proxy has its own limit'
is "$(from_each 127.0.0.1 6 | xargs)" '200 200 200 200 200 200' 'a trusted proxy itself has no limit'
is "$(from_each 127.0.0.2 6 | xargs)" '200 200 200 200 200 429' 'beside the proxy, each connection of a client counts once'

# Time.
serve --max-stream 1s --retry 10s || exit
curl -sN -m "$PATIENCE" -o "$scratch/short" "$url/livescore"
is $? 0 'a stream ends cleanly when its time is over'
is "$(tail -c 2 "$scratch/short" | od -An -c | tr -d ' ')" '\n\n' 'a stream whose time is over ends with a whole frame'
retry=$(sed -n 's/^retry: //p' "$scratch/short" | tail -1)
[ "$retry" -ge 5000 ] && [ "$retry" -le 15000 ]; ok $? '--retry sets when the client comes back, plus or minus 50 %'
eventually shows service.log 'why=max-stream'; ok $? 'the log says that the time of a stream was over'

# For caches: streams that end together, and say when.  Date and s-maxage are rounded down, at two moments: where a
# second ends between these, their sum is a second less.
serve --shared-streams 10s || exit
head_of() { curl -sI -m "$PATIENCE" "$url/livescore$1" | tr -d '\r' | sed -n "s/^$2: //p"; }
like "$(head_of '' Cache-Control)" '^public, max-age=0, s-maxage=[0-9]+, no-transform$' 'a shared stream may be kept by shared caches only, up to its end'
is "$(head_of '' Vary)" 'Accept, Last-Event-ID' 'the Vary of a shared stream names the fields that it depends on'
end=0
for _ in 1 2 3; do
    curl -sI -m "$PATIENCE" "$url/livescore?after=1" >"$scratch/head"
    now=$(($(date -d "$(sed -n 's/^Date: //p' "$scratch/head")" +%s) + $(sed -n 's/.*s-maxage=\([0-9]*\).*/\1/p' "$scratch/head")))
    [ $now -le $end ] || end=$now
done
like "$end" '[90]$' 'shared streams of 10 s end at multiples of 10 s'
is "$(head_of '?after=latest' Cache-Control)" 'no-store, no-transform' 'a stream with after=latest is not shared, since a client that joins would get earlier rows'
like "$(curl -0sI -m "$PATIENCE" "$url/livescore")" 'no-store, no-transform' 'a stream that a cache of HTTP/1.0 would take for whole when it was cut short is not shared'
serve --shared-streams 1h || exit
stream cut "$url/livescore"
eventually shows cut '^: livescore'
stop_service
wait "$client"
is $? 18 'a shared stream that ends before its time is cut short, so that no cache keeps it'
serve --shared-streams 1s --retry 10s || exit
curl -sN -m "$PATIENCE" -o "$scratch/short" "$url/livescore"
is $? 0 'a shared stream ends cleanly when its time is over'
retry=$(sed -n 's/^retry: //p' "$scratch/short" | tail -1)
[ "$retry" -ge 500 ] && [ "$retry" -le 1500 ]; ok $? 'clients of a shared stream reconnect in a tenth of the time'

# Clients that take nothing, or little.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
     INSERT INTO match_events(match_id, type, data) SELECT 'big', 'var', json_object('x', printf('%.*c', 200000, 'x')) FROM n"
printf 'GET /livescore?after=0 HTTP/1.0\r\n\r\n' >"$scratch/request"
printf 'GET /livescore?after=0&format=json HTTP/1.0\r\n\r\n' >"$scratch/page"
mkfifo "$scratch/mute-wake"
exec 8<>"$scratch/mute-wake"
# mute NAME - a client that reads nothing of the answer to $scratch/NAME
mute() { start sh -c 'exec python3 tests/lib/wire.py "$1" mute "$2/$3" <"$2/mute-wake" >"$2/mute.$3" 8>&-' sh "$port" "$scratch" "$1"; }
serve_idle --write-timeout 1s || exit
mute request
eventually shows mute.request open
most=$(grep -ls "^PPid:[[:space:]]*$service\$" /proc/[0-9]*/status | xargs cat | sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' | sort -n | tail -1)
case $bin in
*sanitize*) ;;
*) [ "$most" -lt 16000 ]; ok $? 'a client that is 20 MB behind costs a few MB of memory' || diag "$most KB" ;;
esac
eventually shows service.log 'why=write-timeout'; ok $? 'a client that reads nothing for nine times --write-timeout is dropped'
bytes=$(sed -n 's/.* bytes=\([0-9]*\) .*why=write-timeout/\1/p' "$scratch/service.log")
[ "$bytes" -lt 1000000 ]; ok $? 'the kernel does not queue megabytes for a client that reads nothing' || diag "$bytes bytes"
eventually has_children "$service" "$idle"; ok $? 'the process of a client that reads nothing ends'
stream well "$url/livescore?after=0"
eventually shows well '^id: 101'; ok $? 'a client that reads 20 MB is served'
kill "$client"

serve --max-requests 0 --max-megabytes 1 || exit
like "$(for i in 1 2 3 4 5; do from 127.0.0.3 "$url/livescore?after=0&match=big&format=json"; done | xargs)" '^200 .* 429$' 'a client that was sent more than --max-megabytes in a minute gets 429'
is "$(from 127.0.0.4 "$url/livescore?after=0&match=big&format=json")" 200 'another client is served meanwhile'

serve_idle --write-timeout 1h --max-stream 1s || exit
mute request
mute page
eventually shows service.log 'why=max-stream' 2; ok $? 'a stream and a page that are not read end at --max-stream'
exec 8>&-

# The kernel of a client with an ordinary buffer reports 50 KB at a time: every 8 s at 6,000 bytes/s.
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO match_events(match_id, type, data) SELECT 'slow', 'var', json_object('x', printf('%.*c', 3000, 'x')) FROM n"
printf 'GET /livescore?after=0&match=slow HTTP/1.0\r\n\r\n' >"$scratch/request"
serve_idle -l "$scratch/live.sock" --write-timeout 2s || exit
readers=()
for rate in '10000 16384' '20000 16384' '100000 16384' 6000; do
    # shellcheck disable=SC2086 # a rate, and a size
    start python3 tests/lib/wire.py "$port" slow "$scratch/request" $rate
    readers+=($!)
done
for rate in 6K 1M; do
    start curl -sN --limit-rate $rate --unix-socket "$scratch/live.sock" -o "$scratch/slow$rate" 'http://live/livescore?after=0&match=slow'
    readers+=($!)
done
sleep 12
kill -0 "${readers[@]}" && ! shows service.log 'why=write-timeout'
ok $? 'clients that read slowly are served for longer than --write-timeout, also on a Unix socket' || diag "$(cat "$scratch/service.log")"
kill "${readers[@]}"

# Memory.  The row is too large for the limit, which must not cause a busy loop.
case $bin in
*sanitize*) ;;
*)
    large=$scratch/large.db
    sqlite3 -bail "$large" <sql/schema.sql >/dev/null
    sqlite3 "$large" "INSERT INTO match_events(match_id, data) VALUES ('m', '[1]'), ('m', json_quote(printf('%.*c', 1000000, 'x')))"
    for format in stream json; do
        printf 'GET /livescore?after=0&format=%s HTTP/1.1\r\nHost: a\r\n\r\n' "$format" |
            (ulimit -v 11000; exec livescore -d "$large") >"$scratch/answer" 2>"$scratch/memory.log"
        is $? 71 "without memory for a row the $format ends, and says so"
        like "$(cat "$scratch/memory.log")" 'last_id=[01] why=no-memory' "the log says that there was no memory for the $format"
        cp "$scratch/answer" "$scratch/answer.$format"
    done
    grep -q '\[1\]' "$scratch/answer.stream" && [ "$(tail -c 5 "$scratch/answer.stream")" != $'0\r\n\r' ]
    ok $? 'without memory for a row the stream has the row before, and is cut off'
    like "$(head -1 "$scratch/answer.json")" ' 503 ' 'without memory for a row there is no page of JSON'
    # The limits are around what the scoreboard takes: some suffice, some do not.
    sqlite3 "$large" "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
        INSERT INTO match_events(match_id, data) SELECT 'm' || i, json_object('home_team', printf('%.*c', 500, 'x')) FROM n"
    for kilobytes in {5000..9000..200}; do
        printf 'GET /matches HTTP/1.1\r\nHost: a\r\n\r\n' | (ulimit -v "$kilobytes"; exec livescore -d "$large" --no-poller) >"$scratch/answer" 2>/dev/null
        echo "$(head -1 "$scratch/answer" | cut -d ' ' -f 2) $(grep -o '"match_id"' "$scratch/answer" | wc -l)"
    done | grep . | sort -u >"$scratch/answers"
    is "$(grep -v '^ ' "$scratch/answers" | xargs)" '200 901 503 0' 'without memory for all of it, the scoreboard is refused, not cut' ;;
esac

# The end.
serve || exit
for i in 1 2 3 4 5; do stream "s$i" "$url/livescore"; clients[i]=$client; done
for i in 1 2 3 4 5; do eventually shows "s$i" '^id: 1101'; done
mapfile -t all < <(child_pids "$service")
kill -TERM "$service"
wait "$service"
is $? 0 'SIGTERM ends the service, with exit code 0'
for i in 1 2 3 4 5; do wait "${clients[i]}"; echo $?; done >"$scratch/ends"
is "$(sort -u "$scratch/ends")" 0 'the streams of a service that is stopped end cleanly'
all_ended() { local pid; for pid in "${all[@]}"; do ended "$pid" || return; done; }
[ ${#all[@]} -ge 6 ] && eventually all_ended; ok $? 'no process of a service that was stopped is left'
is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{exitcode}' "$url/")" 7 'a stopped service no longer listens'
is "$(grep -c 'why=stopped' "$scratch/service.log")" 5 'the log says of each stream that it was stopped'

# policy_is POLICY NAME STREAM... - of the newest process: 0; or 5 (SCHED_IDLE), if it runs only when no other would
policy_is() {
    stream "${@:3}"
    eventually shows "$3" '^data: '
    is "$(cut -d ' ' -f 41 "/proc/$(child_pids "$service" | tail -n 1)/stat")" "$1" "$2"
}
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
     INSERT INTO match_events(match_id, data) SELECT 'm1', json_object('n', i, 'text', printf('%100d', i)) FROM n"
serve --max-requests 120 || exit
policy_is 0 'a client that asks for the whole log is served like all others' calm "$url/livescore?after=0"
from 127.0.0.2 "$url/healthz?"{1..110} >"$scratch/codes"
policy_is 5 'one that asks too fast for the whole log is served when no other needs the processor' long "$url/livescore?after=0" --interface 127.0.0.2
policy_is 0 'one that asks too fast for what costs little is served like all others' short "$url/livescore" --interface 127.0.0.2
from 127.0.0.2 "$url/matches" "$url/matches" >"$scratch/codes"
is "$(grep -c '^Connection: close' "$scratch/head")" 2 'the connection with the costly answer gets no further request'
no_crash

done_testing
