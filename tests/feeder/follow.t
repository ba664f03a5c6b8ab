#!/bin/bash
# feeder load --follow: lines appended to a file or a FIFO.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 jq

query() { sqlite3 -cmd ".timeout ${PATIENCE}000" "$db" "$1"; }
# update N - one line, of the match mN
update() { printf '{"match_id":"m%s","home_team":"A","away_team":"B","score":{"home":%s,"away":0},"time":"1:00","status":"Live"}\n' "$1" "$1"; }
# has N - whether the match mN has been inserted
has() { [ "$(query "SELECT count(*) FROM matches WHERE match_id = 'm$1'")" = 1 ]; }
# said PATTERN - whether feeder's output matches
said() { grep -qE "$1" "$scratch/said"; }
# follow FILE [OPTION...] - in the background, into an empty database
follow() {
    rm -f "$db"*
    feeder -q -d "$db" init
    : >"$scratch/said"
    start env --default-signal=INT feeder -d "$db" load --follow "${@:2}" "$1" 2>"$scratch/said"
    feeder=$!
}
# stop [SIGNAL] - ends it, and sets $code
stop() {
    kill "-${1:-INT}" $feeder
    wait $feeder
    code=$?
}

# A file
feed=$scratch/feed
update 1 >"$feed"
follow "$feed"
eventually has 1
ok $? 'a file is read from its beginning'
update 2 >>"$feed"
eventually has 2
ok $? 'a line that is appended is inserted'
update 3 | head -c 40 >>"$feed"
sleep 0.3
has 3
is $? 1 'half a line is not inserted'
{ update 3 | tail -c +41; update 4; } >>"$feed"
eventually has 4 && has 3
ok $? 'a line is inserted when the rest of it arrives'
query 'BEGIN IMMEDIATE; COMMIT'
ok $? 'other programs may write while --follow waits'
is "$(query "SELECT count(*) - count(DISTINCT id) FROM match_events WHERE type = 'message'")" 0 'each line of a followed file is one message'

mv "$feed" "$feed.1"
update 5 >>"$feed.1"
eventually has 5
ok $? 'a renamed file is still read'
update 6 | head -c -1 >>"$feed.1"
update 7 >"$feed"
eventually has 7
ok $? 'a new file of its name is read from its beginning'
has 6
ok $? 'a renamed file is read to its last line, even without a line end'
is "$(query "SELECT group_concat(match_id) FROM (SELECT match_id FROM match_events ORDER BY id)")" m1,m2,m3,m4,m5,m6,m7 'lines of two files are in order, once each'
{ printf '\n%.0s' {1..200}; update 71; } >>"$feed" # so that it is shorter afterwards, whenever that is seen
eventually has 71
: >"$feed"
sleep 0.5
update 8 >>"$feed"
eventually has 8
ok $? 'a file that is cut short is read from its beginning'
rm "$feed"
sleep 0.3
update 9 >"$feed"
eventually has 9
ok $? '--follow waits for a missing file'

{ echo '{"match_id":"bad"}'; echo; printf '\xff\n'; echo 'no JSON'; echo '{["a"]:1}'; printf '{"a":"\0"}\n'; update 10; } >>"$feed"
eventually has 10
ok $? 'invalid lines are skipped, and the feed goes on'
said 'feed: line 2: home_team: expected a name, found nothing' && said 'feed: line 4: byte 1: expected UTF-8, found byte 0xFF' &&
    said 'feed: line 5: not JSON' && said 'feed: line 6: byte 7: expected JSON, found : after a bracket' &&
    said 'feed: line 7: byte 7: expected JSON, found byte 0x00'
ok $? 'an invalid line is reported with its number'
stop
is $code 65 'a feed with invalid lines ends with exit code 65'
said 'feed: 5 lines left out' && said 'feed: stopped after 11 updates, 11 rows'
ok $? 'the end of a feed reports how many updates were loaded and skipped'

# The bound of a line
sized() { # sized BYTES MATCH
    local head='{"match_id":"'$2'","home_team":"A","away_team":"B","score":{"home":0,"away":0},"time":"","status":"","pad":"'
    printf '%s' "$head"
    head -c $(($1 - ${#head} - 2)) /dev/zero | tr '\0' x
    printf '"}\n'
}
{ sized 1048576 m1; sized 1048577 m2; update 3; head -c 3000000 /dev/zero | tr '\0' x; echo; update 4; } >"$feed"
follow "$feed"
eventually has 4 && has 1 && has 3
ok $? 'a line of 1 MiB is loaded, and so are lines after longer ones'
said 'line 2: larger than 1048576 bytes' && said 'line 4: larger than 1048576 bytes'
ok $? 'lines longer than 1 MiB are refused'
stop TERM
is "$code $(query 'SELECT count(*) FROM matches')" '65 3' 'nothing of lines longer than 1 MiB is inserted'

# A FIFO
mkfifo "$scratch/pipe"
follow "$scratch/pipe"
update 1 >"$scratch/pipe"
eventually has 1
ok $? '--follow waits until a FIFO has a writer'
update 2 >"$scratch/pipe"
update 3 | head -c -1 >"$scratch/pipe"
eventually has 2 && eventually has 3
ok $? 'writers may come and go; the end of one ends its line'
exec 3>"$scratch/pipe"
update 4 >&3
eventually has 4
ok $? 'a line is inserted while its writer stays connected'
exec 3>&-
before=$(awk '{ print $14 + $15 }' /proc/$feeder/stat)
sleep 1
[ $(($(awk '{ print $14 + $15 }' /proc/$feeder/stat) - before)) -lt 30 ]
ok $? '--follow does not spin at a FIFO without a writer'
stop
is $code 0 'SIGINT ends --follow with a summary'
for i in 5 6 7; do update $i; done | feeder -q -d "$db" load --follow -
is "$? $(query 'SELECT count(*) FROM matches')" '0 7' '--follow ends with its standard input'

# A custom format, with a document in each line
echo "SELECT json_object('match_id', value ->> '\$.id', 'home_team', 'A', 'away_team', 'B', 'score',
        json_object('home', value ->> '\$.h', 'away', 0), 'time', '', 'status', 'Live') FROM json_each(?1)" >"$scratch/mine.sql"
echo '[{"id": "m1", "h": 1}, {"id": "m2", "h": 2}]' >"$feed"
follow "$feed" --format "$scratch/mine.sql"
eventually has 2
ok $? 'with a format, a line may be several updates'
{ echo '{'; echo '[{"id": "m3", "h": "x"}]'; echo '[{"id": "m4", "h": 0}]'; } >>"$feed"
eventually has 4
ok $? 'a line that the format cannot read is skipped'
said 'feed: line 2: not JSON' && said 'feed: line 3: score.home: expected an integer'
ok $? 'a line that the format cannot read is reported with its number'
stop
is $code 65 'a feed with a line that the format cannot read ends with exit code 65'

# Contradictory options
for option in '--every 1s' '--speed 2' --loop '--from 2022-12-18'; do
    # shellcheck disable=SC2086 # two words
    like "$(feeder -d "$db" load --follow $option "$feed" 2>&1; echo $?)" '--follow: .*64$' "--follow and $option are refused"
done
like "$(feeder -d "$db" load --follow "$scratch/none" 2>&1; echo $?)" 'none: no such file.66$' 'a file that never existed is an error'
like "$(feeder -d "$db" load --follow "$scratch" 2>&1; echo $?)" 'a directory: .*66$' 'following a directory is an error'
done_testing
