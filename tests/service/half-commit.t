#!/bin/bash
# A writer writes the header of -shm twice.  A reader that may not write -shm, as a viewer's process in its sandbox,
# gets an error from SQLite where it comes in between and the writer is done a moment later: it has to ask again.

. tests/lib/lib.sh
. tests/lib/followers.sh
need python3 sqlite3

make_db
message m1 1 0
serve_idle || exit
poller=$(poller) supervisor=$(parent_of "$(poller)")
kill -STOP "$supervisor" "$poller" # it may write -shm, and would write the header anew
python3 - "$db-shm" "$url" >"$scratch/answers" <<'EOF'
import mmap, os, sys, threading, urllib.error, urllib.request

def ask(path):
    try:
        answers[path] = urllib.request.urlopen(sys.argv[2] + path, timeout=float(os.environ["PATIENCE"])).status
    except urllib.error.HTTPError as error:
        answers[path] = error.code

with open(sys.argv[1], "r+b") as shm:
    index = mmap.mmap(shm.fileno(), 0)
whole = index[48:96]
answers = {}
for path in ("/healthz", "/matches", "/livescore?after=0&format=json", "/livescore?after=0"):
    client = threading.Thread(target=ask, args=[path])
    index[48:96] = bytes(48)
    client.start()
    client.join(0.2)
    index[48:96] = whole
    client.join()
print(*answers.values())
EOF
is "$(cat "$scratch/answers")" '200 200 200 200' 'a request that finds a commit half written waits for its end' || diag "$(tail -3 "$scratch/service.log")"
kill -CONT "$poller" "$supervisor"
stop_service
no_crash
done_testing
