#!/bin/bash
# feeder-fetch@.service and its timer, on a real systemd: they load new documents from a source on the
# network, in each format, and ask a failing source less often.
# tags: once systemd slow

. tests/lib/lib.sh
. tests/lib/systemd.sh
. tests/lib/document.sh

source=$scratch/source
fetch=/etc/livescore/fetch
requests() { grep -c " /$1 " "$source/log"; }
is_asked() { [ "$(requests "$1")" -gt 0 ]; }
answers() { awk -v path="/$1" '$2 == path { print $NF }' "$source/log" | xargs; }
rows() { sql 'SELECT count(*) FROM match_events'; }
run() { systemctl start "feeder-fetch@$1"; }
# describe NAME [LINE...] - writes curl's description of the source
describe() {
    printf '%s\n' "url = \"http://127.0.0.1:8001/$1.json\"" "${@:2}" >"$fetch/$1.curl"
    chgrp feeder "$fetch/$1.curl" && chmod 640 "$fetch/$1.curl"
}

loads() { # NAME - a format
    run "$1"; ok $? "$1: a document is loaded"
    before=$(rows)
    is "$(answers "$1.json")" 200 "$1: a document is loaded with one request"
    run "$1"
    is "$(rows) $(answers "$1.json")" "$before 200 304" "$1: a document that has not changed is not sent again"
}

first() {
    mkdir -p "$source" $fetch
    copied systemd/README.md sh 1 -e '/systemctl enable/d'
    ok $? 'the commands of systemd/README.md install it' || diag "$(cat "$scratch/copied")"
    start python3 tests/deploy/fetch-source.py 8001 "$source"
    : >"$source/log"
    cp tests/fixtures/feeder/formats/3869685.json "$source/3869685.json"
    cp tests/fixtures/feeder/formats/football-data-list.json "$source/league.json"
    cp tests/fixtures/feeder/formats/openfootball-2022.json "$source/worldcup.json"
    describe 3869685; describe worldcup; describe league 'header = "X-Auth-Token: secret"'
    eventually curl -sf -o "$scratch/seen" http://127.0.0.1:8001/worldcup.json
    : >"$source/log"

    loads worldcup
    loads league
    is "$(awk '$2 == "/league.json" { print $4 }' "$source/log" | sort -u)" secret 'a source is asked with its token'
    loads 3869685
    is "$(sql "SELECT count(*) FROM matches WHERE match_id LIKE '%3869685%'")" 1 'a format that uses the name of the file knows the match'

    # Documents that change, are truncated, or are not documents
    sed -i 's/Al Bayt Stadium/Al Bayt/' "$source/worldcup.json"
    run worldcup; ok $? 'a document that has changed is loaded'
    is "$(answers worldcup.json)" '200 304 200' 'a document that has changed is sent once'
    : >"$source/log"
    sed -i 's/Al Bayt/Bayt/' "$source/worldcup.json"
    printf 'cut\n' >"$source/worldcup.json.how"
    run worldcup; ok $? 'a truncated document is requested again'
    is "$(answers worldcup.json)" 'cut 200' 'a truncated document is requested again in the same run'
    echo '{"matches":' >"$source/worldcup.json"
    run worldcup 2>"$scratch/said"; ok $((! $?)) 'an invalid document is a failure'
    journal_has 'worldcup.json: '; ok $? 'an invalid document is named in the journal'
    run worldcup; ok $? 'an invalid document is not sent again until it changes'
    is "$(answers worldcup.json)" 'cut 200 200 304' 'the ETag of an invalid document is kept'

    : >"$source/log"
    echo '[{"match_id":"u1","home_team":"A","away_team":"B","score":{"home":1,"away":0},"time":"1","status":"Live"},{"match_id":"u2"}]' >"$source/worldcup.json"
    run worldcup 2>"$scratch/said"; ok $((! $?)) 'a document with one invalid match is a failure'
    is "$(sql "SELECT group_concat(match_id) FROM matches WHERE match_id LIKE 'u_'")" u1 'the other matches of a document with a wrong match are loaded'

    # A database that can't be written: the document is not lost
    : >"$source/log"
    cp tests/fixtures/feeder/formats/openfootball-2018.json "$source/worldcup.json"
    systemctl stop feeder-fetch@worldcup
    mv $db $db.away
    mkdir $db
    run worldcup 2>"$scratch/said"; ok $((! $?)) 'a database that cannot be opened is a failure'
    rmdir $db
    mv $db.away $db
    run worldcup; ok $? 'a document is fetched again if the database could not be opened'
    is "$(answers worldcup.json)" '200 200' 'a document that was not loaded is sent whole the next time'

    # A source that fails
    : >"$source/log"
    printf '503\n404\n500\n' >"$source/league.json.how"
    run league; ok $? 'a source that fails for a while is requested again'
    is "$(answers league.json)" '503 404 500 304' 'a source that fails is requested until it answers'
    awk '{ at[NR] = $1 } END { exit at[4] - at[3] <= at[2] - at[1] }' "$source/log"
    ok $? 'the pauses between requests to a source that fails grow' || diag "$(cat "$source/log")"

    # Never two at once
    : >"$source/log"
    echo hold >"$source/3869685.json.how"
    systemctl start feeder-fetch@3869685.timer
    eventually is_asked 3869685.json
    systemctl start --no-block feeder-fetch@3869685
    systemctl restart feeder-fetch@3869685.timer
    systemctl start --no-block feeder-fetch@3869685
    sleep 3 # the timer is due again in that time
    is "$(requests 3869685.json)" 1 'a slow source is not requested by a second run'
    rm "$source/3869685.json.how"
    idle() { [ "$(systemctl is-active feeder-fetch@3869685)" = inactive ]; }
    eventually idle; ok $? 'a fetch that the timer started ends'
    is "$(systemctl is-active feeder-fetch@3869685.timer)" active 'the timer waits for the next time'
    systemctl stop feeder-fetch@3869685.timer
    copied systemd/README.md sh 2 -e s/NAME/3869685/ -e '/feeder-demo/d' # systemd.t runs the demo
    ok $? 'the commands of systemd/README.md start the timers' || diag "$(cat "$scratch/copied")"
    is "$(systemctl is-active feeder-fetch@3869685.timer livescore-prune.timer | xargs)" 'active active' 'the timers are active'
    systemctl stop feeder-fetch@3869685.timer
    eventually idle
    # Without systemd, the script of feeder(1)
    : >"$source/log"
    mkdir "$scratch/polls" "$scratch/polls/league" && cp "$fetch/league.curl" "$scratch/polls" && touch "$scratch/polls/league/etag"
    sed -n '/^#!\/bin\/sh/,/^\.Ed/p' src/man/feeder.1 | sed 's/\\e$/\\/; /^\.Ed/d' >"$scratch/polls/league/fetch"
    for _ in 1 2; do (cd "$scratch/polls/league" && LIVESCORE_DB=$scratch/polls.db flock -n lock sh ./fetch); done
    is "$? $(answers league.json)" '0 200 304' 'the cron script of feeder(1) does the same'
    db=$scratch/polls.db
    like "$(sql 'SELECT count(*) FROM matches')" '^[1-9]' 'the script for cron loads the document'
    done_testing
}

if [ $# -gt 0 ]; then first; fi
need curl make python3 sqlite3 systemctl unshare
in_systemd
