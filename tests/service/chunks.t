#!/bin/bash
# The body in chunks (RFC 9112, 7.1), for HTTP/1.1, is the body that HTTP/1.0 gets up to the end of
# the connection: whatever the sizes of rows are, and wherever a buffer ends.  curl is strict with chunks.
. tests/lib/lib.sh
need sqlite3 curl jq python3

# Frames that end at, before and behind the ends of both buffers, of 2 and of 64 KiB; and many small ones.
make_db
sql "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
     INSERT INTO match_events(match_id, type, data)
     SELECT 'm' || (i % 7), CASE WHEN i % 3 THEN 'message' ELSE 'goal' END,
            '[\"' || printf('%.*c', CASE WHEN i % 400 = 0 THEN 65300 + i / 400 * 4 WHEN i % 50 = 0 THEN 1800 + i / 50 ELSE i % 23 END, 'x') || '\"]'
     FROM n"
serve --max-stream 4s || exit

# follow NAME PATH - both bodies go to $scratch/NAME.VERSION, without what is drawn by lot
follow() {
    local version
    for version in 1.0 1.1; do
        { curl -sN -m 20 "--http$version" "$url$2" | sed -E 's/^retry: .*/retry: N/'; } >"$scratch/$1.$version" &
    done
}
follow frames '/livescore?after=0'
follow batches '/livescore?after=0&batch=7'
follow filtered '/livescore?after=0&match=m3&type=goal'
follow json '/livescore?after=0&format=json'
follow reset '/livescore?after=x'
curl -sN --raw "$url/livescore?after=0" >"$scratch/raw" &
curl -sN -D "$scratch/old" -o "$scratch/body" --http1.0 "$url/livescore?after=latest" &
for pid in $(jobs -p); do [ "$pid" = "$service" ] || wait "$pid"; done

same() { cmp "$scratch/$1.1.0" "$scratch/$1.1.1" && [ -s "$scratch/$1.1.0" ]; }
same frames; ok $? 'a stream in chunks is the stream'
is "$(grep -c '^id: ' "$scratch/frames.1.1")" 20001 'with all rows'
same filtered; ok $? 'so is what a filter leaves of it'
same json; ok $? 'and JSON'
is "$(jq '.events | length' "$scratch/json.1.1")" 1000 'with all its rows'
same reset; ok $? 'and a reset with the snapshot after it'
for version in 1.0 1.1; do          # the end of a buffer can end a batch sooner than seven rows do
    sed -n 's/^data: //p' "$scratch/batches.$version" | jq -c '.[]' >"$scratch/rows.$version"
done
same rows; ok $? 'and the rows of batches'
is "$(wc -l <"$scratch/rows.1.1")" 20001 'which are all there'

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
)" 20001 'each frame is a chunk, and whole'
like "$(curl -sI "$url/livescore")" 'Transfer-Encoding: chunked' 'HEAD tells what GET would do'
unlike "$(cat "$scratch/old")" 'Transfer-Encoding' 'HTTP/1.0 gets no chunks, and is told of none'

# Rows that come live: of many sizes, alone and several at once.
serve || exit
stream live.1.0 "$url/livescore?after=latest" --http1.0; old=$client
stream live.1.1 "$url/livescore?after=latest" --http1.1; new=$client
eventually shows live.1.0 '^id: 20001$' && eventually shows live.1.1 '^id: 20001$'
for ((n = 1800; n < 2100; n += 7)); do
    echo "INSERT INTO match_events(match_id, data) VALUES ('m1', '[\"' || printf('%.*c', $n, 'y') || '\"]');"
done | sqlite3 -bail "$db"
sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
     INSERT INTO match_events(match_id, data) SELECT 'm1', '[\"' || printf('%.*c', i * 3, 'z') || '\"]' FROM n"
last=$(sql 'SELECT max(id) FROM match_events')
eventually shows live.1.1 "^id: $last$" && eventually shows live.1.0 "^id: $last$"
ok $? 'rows come live, of any size'

# How it ended can be told from the last chunk: these are cut off.
mapfile -t pids < <(child_pids "$service")
kill -KILL "${pids[@]}"
wait "$new"; is $? 18 'a stream that was killed is not taken for a whole one'
wait "$old"; is $? 0 'which who speaks HTTP/1.0 cannot know'
cmp <(grep -av '^retry' "$scratch/live.1.0") <(grep -av '^retry' "$scratch/live.1.1")
ok $? 'both had the same'
no_crash
done_testing
