#!/bin/bash
# The body in chunks (RFC 9112, 7.1), for HTTP/1.1, equals the body for HTTP/1.0, whatever the sizes of
# rows, and wherever a buffer ends.  curl is strict with chunks.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 curl jq python3

# Frames that end at, before and after the ends of both buffers, of 2 and of 64 KiB; and many small ones.
make_db
sql "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
     INSERT INTO match_events(match_id, type, data)
     SELECT 'm' || (i % 7), CASE WHEN i % 3 THEN 'message' ELSE 'goal' END,
            '[\"' || printf('%.*c', CASE WHEN i % 100 = 0 THEN 65300 + i / 100 * 4 WHEN i % 13 = 0 THEN 1800 + i / 13 ELSE i % 23 END, 'x') || '\"]'
     FROM n"
serve || exit

# follow NAME PATH - both bodies go to $scratch/NAME.VERSION
follow() {
    local version
    for version in 1.0 1.1; do
        stream "$1.$version" "$url$2" "--http$version"
        clients+=("$client")
    done
}
# come NAME... - waits for the last rows of each of these
come() {
    local name
    for name; do eventually ends_with "$name" || diag "$name has not come to its end"; done
}
ends_with() { tail -c 150000 "$scratch/$1" | grep -qaE '^id: 5001|"id":5001'; }
clients=()
follow frames '/livescore?after=0'
follow batches '/livescore?after=0&batch=7'
follow filtered '/livescore?after=0&match=m3&type=goal'
follow reset '/livescore?after=x'
stream raw "$url/livescore?after=0" --raw
clients+=("$client")
stream ignored "$url/livescore?after=latest" --http1.0 -D "$scratch/old"
clients+=("$client")
come {frames,batches,filtered,reset}.1.{0,1} raw ignored
stop_service                        # ends each stream with a whole frame
wait "${clients[@]}"

# same NAME - whether both versions are equal, apart from random values
same() { cmp <(sed 's/^retry: .*/retry: N/' "$scratch/$1.1.0") <(sed 's/^retry: .*/retry: N/' "$scratch/$1.1.1") && [ -s "$scratch/$1.1.0" ]; }
same frames; ok $? 'a stream in chunks is the stream'
is "$(grep -c '^id: ' "$scratch/frames.1.1")" 5001 'a stream in chunks has all rows'
same filtered; ok $? 'a filtered stream is the same in chunks'
same reset; ok $? 'a reset and the snapshot after it are the same in chunks'
for version in 1.0 1.1; do          # the end of a buffer may end a batch before seven rows
    sed -n 's/^data: //p' "$scratch/batches.$version" | jq -c '.[]' >"$scratch/rows.$version"
done
same rows; ok $? 'the rows of batches are the same in chunks'
is "$(wc -l <"$scratch/rows.1.1")" 5001 'batches in chunks have all rows'

is "$(python3 - "$scratch/raw" <<'PYTHON'
import sys
raw, frames, odd = open(sys.argv[1], "rb").read(), 0, set()
while raw:
    line, raw = raw.split(b"\r\n", 1)
    size = int(line, 16)
    data, raw = raw[:size], raw[size + 2:]
    frames += data.startswith(b"id: ")
    if size and not data.startswith(b"retry: ") and (data.count(b"\n\n") != 1 or not data.endswith(b"\n\n")):
        odd.add(data[-50:])
print(frames, *odd)
PYTHON
)" 5001 'each frame is a chunk, and whole'
serve || exit
like "$(curl -sI "$url/livescore")" 'Transfer-Encoding: chunked' 'HEAD announces the chunks of GET'
unlike "$(cat "$scratch/old")" 'Transfer-Encoding' 'HTTP/1.0 gets no chunks, and no field that announces them'

# Live rows: of many sizes, alone and several at once.
stream live.1.0 "$url/livescore?after=latest" --http1.0; old=$client
stream live.1.1 "$url/livescore?after=latest" --http1.1; new=$client
eventually shows live.1.0 '^id: 5001$' && eventually shows live.1.1 '^id: 5001$'
for ((n = 1800; n < 2100; n += 7)); do
    echo "INSERT INTO match_events(match_id, data) VALUES ('m1', '[\"' || printf('%.*c', $n, 'y') || '\"]');"
done | sqlite3 -bail -cmd ".timeout ${PATIENCE}000" "$db"
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     INSERT INTO match_events(match_id, data) SELECT 'm1', '[\"' || printf('%.*c', i * 3, 'z') || '\"]' FROM n"
last=$(sql 'SELECT max(id) FROM match_events')
eventually shows live.1.1 "^id: $last$" && eventually shows live.1.0 "^id: $last$"
ok $? 'rows of any size come live'

# Without the last chunk, the body was cut off.
mapfile -t pids < <(child_pids "$service")
kill -KILL "${pids[@]}"
wait "$new"; is $? 18 'a stream in chunks that was killed is not taken for a whole one'
wait "$old"; is $? 0 'a stream that was killed looks whole to HTTP/1.0'
cmp <(grep -av '^retry' "$scratch/live.1.0") <(grep -av '^retry' "$scratch/live.1.1")
ok $? 'rows that came live are the same in chunks'
no_crash
done_testing
