#!/bin/bash
# The README's examples of queries, of writers and of feeder: its own lines are run, and do what it says.
# tags: once
. tests/lib/lib.sh
need sqlite3 python3 curl

db=$scratch/live.db
feeder -q -d "$db" load tests/data/matches.json
ln -s "$PWD/sql" "$scratch/sql"
readme=$PWD/README.md

# section TITLE - its lines
section() { sed -n "/^## $1\$/,/^## /p" "$readme"; }

# What it inserts by hand, and the document that it fetches
(cd "$scratch" && bash -c "$(section 'By hand' | sed -n '/^sqlite3 live.db/,/^```/p' | sed '$d')")
is "$(sql 'SELECT id, type FROM match_events ORDER BY id DESC LIMIT 1')" '244|goal' 'the first INSERT is row 244'
ln -s "$bin" "$scratch/bin"
cp tests/fixtures/feeder/formats/openfootball-2022.json "$scratch/worldcup.json"

# Commands behind "    $ ", each with the output below it.
for title in 'The model' 'Real matches' 'Querying with sqlite3'; do
    section "$title" | sed '/^```/,/^```/d' | sed -n 's/^    //p'
done >"$scratch/commands"
shown=''
command=''
before=$count
# compare - runs the command, but for fetching, and for how long it takes
compare() {
    [ -n "$command" ] || return
    is "$(cd "$scratch" && bash -c "curl() { :; }; $command" 2>&1 | sed -E 's/in [0-9.]+ s$/in a moment/')" \
        "$(sed -E 's/in [0-9.]+ s$/in a moment/' <<<"${shown%$'\n'}")" "a command of the README prints what is shown: ${command%%$'\n'*}"
}
while IFS= read -r line; do
    if [[ $line == '$ '* ]]; then
        compare
        command=${line#\$ } shown=''
    elif ! bash -n <<<"$command" 2>/dev/null; then
        command+=$'\n'$line
    else
        shown+=$line$'\n'
    fi
done <"$scratch/commands"
compare
is $((count - before)) "$(grep -c '^\$ ' "$scratch/commands")" 'every command of these sections was run'
[ $((count - before)) -gt 12 ]; ok $? 'the README has more than 12 commands that are run'
is "$(section 'In production' | grep -E '^    (types|matches) ')" "$(feeder -d "$db" status | grep -E '^(types|matches) ' | sed 's/^/    /')" \
    'the README names all types that status does'

# block LANGUAGE - the code in the block of that language
block() { section 'Publish your own rows' | sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" | sed '1d;$d'; }

serve || exit
stream rows "$url/livescore?match=oven,disk,kitchen"
eventually shows rows '^retry:'
(cd "$scratch" && python3 -c "$(block python)")
eventually shows rows '^data: [{]"celsius":230[}]'; ok $? 'the lines in Python publish a row'
(cd "$scratch" && bash -c "$(block sh)")
eventually shows rows '^data: [{]"kib":[0-9]+[}]'; ok $? 'the lines for a shell publish a row'
sql "CREATE TABLE orders(id INTEGER PRIMARY KEY, dish, state); INSERT INTO orders VALUES (1, 'Soup', 'ordered')"
sql "$(block sql)"
sql "UPDATE orders SET state = 'ready'"
eventually shows rows '^data: [{]"dish":"Soup","state":"ready"[}]'; ok $? 'a trigger publishes what another table holds'
for language in python sh sql; do
    is "$(block $language | wc -l)" 3 "publishing in $language takes three lines"
done
stream later "$url/livescore?match=oven,disk"
eventually shows later '"celsius":230'; ok $? 'a client that comes later begins with a message'
no_crash
done_testing
