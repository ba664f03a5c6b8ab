#!/bin/bash
# Deleted rows are sent to no client, neither from the ring nor from the table: a client whose cursor is
# before one learns that it has missed something.
# tags: sanitized

. tests/lib/lib.sh
need curl sqlite3

make_db
serve || exit
stream live "$url/livescore"
eventually shows live '^id: 0'
for n in $(seq 9); do message "m$n" "$n" 0; done
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', '{\"player\":\"Nobody\"}')"
for n in $(seq 11 20); do message "m$n" "$n" 0; done
eventually shows live '^id: 20$'

# comes_back CURSOR LAST - the ids that a client with this cursor gets, up to the last one
comes_back() {
    stream back "$url/livescore?after=$1"
    eventually shows back "^id: $2\$"
    kill "$client"
    sed -n 's/^id: //p' "$scratch/back" | tr '\n' ' '
}
is "$(comes_back 9 20)" '10 11 12 13 14 15 16 17 18 19 20 ' 'a client that reconnects gets what it missed'

# The poller must have seen it: it looks every 100 ms.
sql "DELETE FROM match_events WHERE id = 10"
gone() { comes_back 9 20 >"$scratch/ignored"; shows back '"reason":"gone","oldest":11'; }
eventually gone; ok $? 'a client whose cursor is before a row that was deleted is reset'
unlike "$(cat "$scratch/back")" Nobody 'a client whose cursor is gone does not get the deleted row'
is "$(comes_back 10 20)" '11 12 13 14 15 16 17 18 19 20 ' 'a client whose cursor is past the deleted row gets all that follows'
message m21 1 0
eventually shows live '^id: 21$'
is "$(sed -n 's/^id: //p' "$scratch/live" | tail -3 | tr '\n' ' ')" '19 20 21 ' 'a client that is up to date is not disturbed'
unlike "$(cat "$scratch/live")" 'event: reset' 'a client that is up to date is not reset'
no_crash
done_testing
