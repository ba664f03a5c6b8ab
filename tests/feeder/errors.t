#!/bin/bash
# feeder load names what is wrong with input that is invalid or unreadable, and inserts nothing.
# tags: sanitized
LEAKS=0
. tests/lib/lib.sh
need sqlite3

feeder -q -d "$db" init
file=$scratch/in.json
good='{"match_id":"m1","home_team":"A","away_team":"B","score":{"home":1,"away":0},"time":"1:00","status":"First Half"}'

# refused NAME PATTERN [CODE] - $file is refused with a matching sentence, and CODE
refused() {
    local said code
    said=$(cd "$scratch" && timeout "$PATIENCE" feeder -q -d "$db" load in.json 2>&1)
    code=$?
    said="$code $said; $(sqlite3 "$db" 'SELECT count(*) FROM match_events') rows"
    like "$said" "^${3:-65} feeder: in\.json: $2; 0 rows$" "load refuses $1"
}
# text FORMAT - printf's output is the input
text() { printf "$@" >"$file"; }

text ''; refused 'an empty file' 'empty: expected JSON.*'
text ' \n\t\r\n'; refused 'a file of blanks' 'empty: expected JSON.*'
text '\177ELF\002\001\001\000\000\000'; refused 'a binary file' 'line 1, byte 1: expected JSON updates.*found byte 0x7F'
text '\377\376[\000'; refused 'UTF-16' 'line 1, byte 1: .*UTF-16.*iconv.*'
text '<html>'; refused 'HTML' 'line 1, byte 1: expected JSON updates, .*found <'
text '"%s"' "$good"; refused 'a string' 'line 1, byte 1: .*'
text '['; refused 'a file that is truncated after [' 'line 1, byte 2: the input ends without a \].*truncated.*'
text '[\n%s' "$good"; refused 'a file that is truncated after an update' 'line 2, byte [0-9]+: the input ends without a \].*'
text '[\n%s,\n' "$good"; refused 'a file that is truncated after a comma' 'line 3, byte 1: the input ends without a \].*'
text '[\n%s,\n%s' "$good" "${good:0:30}"; refused 'a file that is truncated in an update' 'line 3, byte 31: the input ends in the middle of update 2.*'
text '%s\n%s' "$good" "${good:0:16}"; refused 'a file that is truncated in a string on a line' 'line 2, byte 17: the input ends in the middle of update 2.*'
text '[%s,]' "$good"; refused 'a comma too many' 'line 1, byte 116: expected update 2, .*found \]'
text '[%s\n%s]' "$good" "$good"; refused 'a comma too few' 'line 2, byte 1: expected , or \] after update 1, found [{]'
text '[%s] []' "$good"; refused 'two arrays' 'line 1, byte 117: expected nothing after the \], found \['
text '%s %s' "$good" "$good"; refused 'two updates on a line' 'line 1, byte 115: expected the end of the line.*found [{]'
text '{\n "match_id": "m1"\n}\n'; refused 'one update over several lines' 'line 1, byte 2: .*continues on the next line.*jq -c.*'
text '[7]'; refused 'a number for an update' 'line 1, byte 2: expected update 1, an object.*found 7'
text '%s\n[%s]' "$good" "$good"; refused 'an array on a line' 'line 2, byte 1: expected update 2, an object.*found \['
text '[\n{"a":"1",\n "b":"\344"}]'; refused 'Latin-1' 'line 3, byte 7: expected UTF-8, found byte 0xE4.*iconv.*'
text '{"match_id":"m1","away_team":"B",{"a":"b"}:1}'; refused 'an object for a key, on which SQLite may crash' 'line 1, byte 43: expected JSON, found : after a bracket'
text '{"a":"x\ny"}'; refused 'a line end in a string' 'line 1, byte 8: a string must not contain byte 0x0A.*u000a'
text '{"a":"x\000y"}'; refused 'a NUL in a string' 'line 1, byte 8: a string must not contain byte 0x00.*'
text '{"a"\000:1}'; refused 'a NUL elsewhere' 'line 1, byte 5: expected JSON, found byte 0x00'
text '[\n%s,\n{"match_id":tru}]' "$good"; refused 'broken JSON in an array' 'update 2: not JSON.* \(line 3\)'
text '%s\n{"match_id":"m1",}' "$good"; refused 'broken JSON on a line' 'line 2: not JSON.*'
text "{'match_id':'m1'}"; refused 'JSON5' 'line 1: not JSON.*'
text '{]'; refused 'brackets that do not match' 'line 1: not JSON.*'
{ printf '{"a":'; printf '[%.0s' {1..3000}; printf ']%.0s' {1..3000}; echo '}'; } >"$file"
refused 'JSON nested 3,000 deep' 'line 1: .*'

# wrong NAME SED PATTERN - the good update, edited, is refused in both forms, with the path
wrong() {
    sed "$2" <<<"$good" >"$file"
    refused "$1" "line 1: $3"
    printf '[\n%s,\n%s\n]\n' "$good" "$(sed "$2" <<<"$good")" >"$file"
    refused "$1, in an array" "update 2: $3 \(line 3\)"
}
integer='expected an integer of 0 or more'
wrong 'a score of "x"' 's/"home":1/"home":"x"/' "score\.home: $integer, found \"x\""
wrong 'a negative score' 's/"away":0/"away":-1/' "score\.away: $integer, found -1"
wrong 'a fraction' 's/"away":0/"away":0.5/' "score\.away: $integer, found 0\.5"
wrong 'a score of true' 's/"away":0/"away":true/' "score\.away: $integer, found true"
wrong 'a score of null' 's/"away":0/"away":null/' "score\.away: $integer, found null"
wrong 'a score of 16 digits' 's/"away":0/"away":1234567890123456/' "score\.away: $integer, at most 15 digits, found 1234567890123456"
wrong 'half a score' 's/,"away":0//' "score\.away: $integer, found nothing"
wrong 'no score' 's/"score"/"goals"/' 'score: expected an object with home and away, found nothing'
wrong 'a list as score' 's/{"home.*0}/[1,0]/' 'score: expected an object with home and away, found \[1,0\]'
wrong 'no match' 's/match_id/match/' 'match_id: expected 1 to 64 .*, found nothing'
wrong 'a number as match' 's/"m1"/1/' 'match_id: expected 1 to 64 .*, found 1'
wrong 'an empty match' 's/m1//' 'match_id: expected 1 to 64 .*, found ""'
wrong 'a match with a space' 's/m1/m 1/' 'match_id: expected 1 to 64 .*, found "m 1"'
wrong 'a match with a NUL' 's/m1/m\\u0000/' 'match_id: expected 1 to 64 .*'
wrong 'a match with an escaped letter' 's/m1/m\\u00e9/' 'match_id: expected 1 to 64 .*'
wrong 'an empty team' 's/"A"/""/' 'home_team: expected a name, found ""'
wrong 'a number as team' 's/"B"/2/' 'away_team: expected a name, found 2'
wrong 'no time' 's/"time"/"clock"/' 'time: expected a string, found nothing'
wrong 'a number as time' 's/"1:00"/60/' 'time: expected a string, found 60'
wrong 'null as status' 's/"First Half"/null/' 'status: expected a string, found null'
wrong 'an object for events' 's/}$/,"events":{}}/' 'events: expected an array, found \{\}'
wrong 'null for events' 's/}$/,"events":null}/' 'events: expected an array, found null'
wrong 'a number as event' 's/}$/,"events":[{"type":"goal"},5]}/' 'events\[1\]: expected an object, found 5'
wrong 'an event without type' 's/}$/,"events":[{}]}/' 'events\[0\]\.type: expected 1 to 32 .*, found nothing'
wrong 'a type in capitals' 's/}$/,"events":[{"type":"Goal"}]}/' 'events\[0\]\.type: expected 1 to 32 .*, found "Goal"'
wrong 'a team that is neither' 's/}$/,"events":[{"type":"goal"},{"type":"goal","team":"hom"}]}/' 'events\[1\]\.team: expected "home" or "away", found "hom"'
wrong 'a number as score of an event' 's/}$/,"events":[{"type":"var","score":3}]}/' 'events\[0\]\.score: expected an object, found 3'
wrong 'a long wrong value' "s/\"1:00\"/[\"$(printf 'x%.0s' {1..100})\"]/" 'time: expected a string, found \["x{38}\.\.\.'

# Unreadable inputs
rm -f "$file"; refused 'a missing file' 'no such file' 66
mkdir "$file"; refused 'a directory' 'a directory: .*' 66
rmdir "$file"
is "$(feeder -q -d "$scratch/none.db" load "$file" 2>/dev/null; ls "$scratch/none.db" 2>/dev/null)" '' 'a missing file makes no database'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    echo "$good" >"$scratch/secret"
    chmod 600 "$scratch/secret"
    chmod 755 "$scratch"
    like "$(setpriv --reuid 65534 --regid 65534 --clear-groups "$bin/feeder" -d "$db" load "$scratch/secret" 2>&1; echo $?)" \
        "secret: can't be read: Permission denied.66$" 'an unreadable file'
else
    ok 0 'an unreadable file # SKIP needs root'
fi

hundred_mb() { printf '{"a":"'; head -c 100000000 /dev/zero | tr '\0' x; printf '"}\n'; }
said=$(hundred_mb | feeder -d "$db" load - 2>&1; echo "${PIPESTATUS[1]}")
like "$said" 'line 1, byte 1048577: update 1 is larger than 1048576 bytes.*65$' 'a line of 100 MB is refused'

# A writer that keeps the lock
mkfifo "$scratch/hold"
exec 3<>"$scratch/hold"
start bash -c 'exec sqlite3 "$0" <"$1"' "$db" "$scratch/hold"
holder=$!
printf 'BEGIN IMMEDIATE;\n.shell touch %s/locked\n' "$scratch" >&3
eventually test -e "$scratch/locked"
like "$(feeder -q -d "$db" load - <<<"$good" 2>&1; echo $?)" "^feeder: $db: locked by process $holder .sqlite3.: end its transaction.*75\$" \
    'a database that stays locked gets a message and exit code 75'
like "$(feeder -q -d "$db" add m1 goal '{}' 2>&1; echo $?)" "locked by process $holder .*75\$" 'add into a database that stays locked gets a message and exit code 75'
(sleep 0.5; echo 'COMMIT;' >&3) &
is "$(feeder -q -d "$db" load - <<<"$good" 2>&1; echo $?)" 0 'load waits for a lock that is released in time'
wait $!
exec 3>&-

# A full disk
if [ "$(id -u)" = 0 ] && mkdir "$scratch/small" && mount -t tmpfs -o size=1m livescore-test "$scratch/small" 2>/dev/null; then
    trap 'umount -l "$scratch/small"; cleanup' EXIT
    full=$scratch/small/live.db
    feeder -q -d "$full" init
    feeder -q -d "$full" load - <<<"$good"
    for _ in {1..20000}; do echo "$good"; done >"$scratch/many"
    like "$(feeder -q -d "$full" load "$scratch/many" 2>&1; echo $?)" 'the disk is full.74$' 'a full disk gets a message and exit code 74'
    is "$(sqlite3 "$full" "PRAGMA integrity_check; SELECT count(*) FROM match_events")" "ok
2" 'a load that fills the disk inserts nothing'
    is "$(feeder -q -d "$full" load - <<<"$good" 2>&1; echo $?)" 0 'a small load fits afterwards'
    like "$(feeder -q -d "$full" load --every 0 "$scratch/many" 2>&1; echo $?)" 'the disk is full.74$' 'a paced load that fills the disk gets a message and exit code 74'
    is "$(sqlite3 "$full" "PRAGMA integrity_check")" ok 'a paced load that fills the disk leaves the database whole'
    # mounted read-only, with and without -wal and -shm
    mount -o remount,ro "$scratch/small"
    for command in 'add m1 var {}' 'void 1' 'prune --older-than 0'; do
        # shellcheck disable=SC2086 # words
        like "$(feeder -q -d "$full" $command 2>&1; echo $?)" "$full: not writable: its file system is mounted read-only.77\$" \
            "a read-only file system is not reported as a missing permission: $command"
    done
    like "$(feeder -q -d "$full" load - <<<"$good" 2>&1; echo $?)" 'not writable: its file system is mounted read-only.77$' 'load on a read-only file system says that it is mounted read-only'
    like "$(feeder -d "$scratch/small/new.db" init 2>&1; echo $?)" "new.db: can't be created: its file system is mounted read-only.73\$" 'init on a read-only file system says that it is mounted read-only'
    feeder -d "$full" status >"$scratch/status"; ok $? 'status reads a database on a read-only file system'
    mount -o remount,rw "$scratch/small"
    rm "$full-wal" "$full-shm"
    mount -o remount,ro "$scratch/small"
    like "$(feeder -d "$full" status 2>&1; echo $?)" "$full: can't be opened: its file system is mounted read-only, and SQLite can't create the -shm.*66\$" 'status says that the -shm is missing on a read-only file system'
else
    ok 0 'a full disk # SKIP may not mount a tmpfs'
fi
done_testing
