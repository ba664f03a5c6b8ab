#!/bin/bash
# Requests on the wire: malformed, in pieces, slow, endless, or from clients that leave.
# Each gets the right status, and the service goes on.
# tags: sanitized

. tests/lib/lib.sh
need python3

wire() { python3 tests/lib/wire.py "$port" "$@"; }
status_of() { head -1 "$1" | tr -d '\r' | cut -d ' ' -f 2; }
without_date() { sed -e '/^Date: /d' "$1"; }
goes_on() { [ "$(curl -s -m "$PATIENCE" -o "$scratch/health" -w '%{http_code}' "$url/healthz")" = 200 ]; }

make_db
sqlite3 "$db" <tests/service/golden/rows.sql
serve_idle || exit

# Requests that are refused through a pipe are refused over TCP, with the same bytes.
mkdir "$scratch/answers"
cases=()
for case in tests/service/golden/[4-5]*.in; do
    [ "$case" = tests/service/golden/400-half-a-head.in ] || cases+=("$case")
done
wire each "$scratch/answers" "${cases[@]}"
for case in "${cases[@]}"; do
    sed '/^--- exit/,$d' "${case%.in}.out" | diff -u <(without_date /dev/stdin) <(without_date "$scratch/answers/${case##*/}") >"$scratch/diff"
    ok $? "the answer over TCP is that of a pipe: $(basename "$case" .in)" || sed 's/^/# /' "$scratch/diff"
done
goes_on; ok $? 'the service goes on after all malformed requests'

# Pieces.
printf 'GET /healthz HTTP/1.1\r\nHost: live.example\r\nAccept: */*\r\nX-Padding:  a b \r\n\r\n' >"$scratch/good"
printf 'GET /healthz HTTP/1.1\r\nHost: live.example\r\nHost: other.example\r\n\r\n' >"$scratch/bad"
is "$(wire cut "$scratch/good")" $(($(stat -c %s "$scratch/good") - 1)) 'a request in two parts, cut anywhere, is the same request'
is "$(wire cut "$scratch/bad")" $(($(stat -c %s "$scratch/bad") - 1)) 'a refused request in two parts, cut anywhere, is the same request'
wire split "$scratch/good" >"$scratch/answer"
is "$(status_of "$scratch/answer")" 200 'a request byte by byte is served'
printf '\r\n\r\n' | cat - "$scratch/good" >"$scratch/late"
wire split "$scratch/late" >"$scratch/answer"
is "$(status_of "$scratch/answer")" 200 'empty lines before a request are skipped'

# Slowness.  The deadline is for the whole head: single bytes do not extend it.
wire drip "$scratch/good" 0.01 >"$scratch/answer"
is "$(status_of "$scratch/answer")" 200 'a slow client within the time for a head is served'
serve_idle --max-stream 3s --head-timeout 1s || exit
wire drip "$scratch/good" 0.1 >"$scratch/answer"
is "$(status_of "$scratch/answer")" 408 'one byte every 100 ms gets 408 when the time for a head is over'
printf '' | wire send - >"$scratch/answer"
is "$(status_of "$scratch/answer")" 408 'a client that says nothing gets 408 when the time for a head is over'
serve_idle --max-stream 3s || exit

# Halves.
wire half "$scratch/good" >"$scratch/answer"
is "$(status_of "$scratch/answer")" 200 'a client that shuts down its side right after the request gets the answer'
wire half tests/service/golden/stream-after-0.in >"$scratch/answer"
is "$(grep -c '^data: {' "$scratch/answer")" 5 'a client that shuts down its side right after requesting a stream gets the existing rows'
is "$(tr -d '\r' <"$scratch/answer" | grep -c '^id: ')" 6 'a client that shuts down its side gets the stream to the last row'
wire half tests/service/golden/400-half-a-head.in >"$scratch/answer"
is "$(status_of "$scratch/answer")" 400 'half a request and the end of the input get 400'
wire half - </dev/null >"$scratch/answer"
is "$(stat -c %s "$scratch/answer")" 0 'a client that sends nothing and ends gets nothing'

# Too much.
{ printf 'GET / HTTP/1.1\r\nHost: a\r\nX: '; head -c 20000000 /dev/zero | tr '\0' x; } >"$scratch/endless"
wire send "$scratch/endless" >"$scratch/answer"
is "$(status_of "$scratch/answer")" 431 'a head of 20 MB gets 431, though most of it is never read'
{ cat "$scratch/good"; head -c 1000000 /dev/zero; } >"$scratch/more"
wire send "$scratch/more" >"$scratch/answer"
is "$(status_of "$scratch/answer")" 200 'a megabyte after a request does not prevent its answer'
unlike "$(tail -c 8 "$scratch/answer")" reset 'a megabyte after a request does not reset the connection'
{ cat tests/service/golden/stream-after-0.in; cat "$scratch/good" "$scratch/good"; } >"$scratch/pipelined"
wire send "$scratch/pipelined" >"$scratch/answer"
is "$(grep -c '^data: {' "$scratch/answer")" 5 'requests after a stream do not disturb it'
is "$(grep -c '^HTTP/1.1' "$scratch/answer")" 1 'requests after a stream are not answered'

# Leaving.
wire drop "$scratch/good" 50
wire drop tests/service/golden/stream-after-0.in 50
wire drop tests/service/golden/400-half-a-head.in 50
eventually goes_on; ok $? '150 clients that reset their connections do no harm'
eventually has_children "$service" "$idle"; ok $? '150 clients that reset their connections leave no process behind'
head -c 100000 /dev/urandom >"$scratch/noise"
wire send "$scratch/noise" >"$scratch/answer"
is "$(status_of "$scratch/answer")" 400 'noise gets 400'
goes_on; ok $? 'the service goes on after noise'
no_crash
done_testing
