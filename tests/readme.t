#!/bin/bash
# The README's examples of queries and of writers: its own lines are run, and do what it says.
. tests/lib.sh
need sqlite3 python3 curl

db=$scratch/live.db
feeder -q -d "$db" load tests/data/matches.json
ln -s "$PWD/sql" "$scratch/sql"
readme=$PWD/README.md

# section TITLE - its lines
section() { sed -n "/^## $1\$/,/^## /p" "$readme"; }

# Commands behind "    $ ", each with the output below it.
section 'Querying with sqlite3' | sed -n 's/^    //p' >"$scratch/commands"
shown=''
command=''
compare() {
    [ -n "$command" ] || return
    is "$(cd "$scratch" && bash -c "$command" 2>&1)" "${shown%$'\n'}" "it prints what is shown: $command"
}
while IFS= read -r line; do
    if [[ $line == '$ '* ]]; then
        compare
        command=${line#\$ } shown=''
    else
        shown+=$line$'\n'
    fi
done <"$scratch/commands"
compare
is "$count" "$(grep -c '^\$ ' "$scratch/commands")" 'that was every command of the section'
[ "$count" -gt 1 ]; ok $? 'and there are some'

# block LANGUAGE - the code in the block of that language
block() { section 'Publish your own rows' | sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" | sed '1d;$d'; }

serve || exit
stream rows "$url/livescore?match=oven,disk,kitchen"
within 5 shows rows '^retry:'
(cd "$scratch" && python3 -c "$(block python)")
within 5 shows rows '^data: [{]"celsius":230[}]'; ok $? 'the lines in Python publish a row'
(cd "$scratch" && bash -c "$(block sh)")
within 5 shows rows '^data: [{]"kib":[0-9]+[}]'; ok $? 'those for a shell do'
sql "CREATE TABLE orders(id INTEGER PRIMARY KEY, dish, state); INSERT INTO orders VALUES (1, 'Soup', 'ordered')"
sql "$(block sql)"
sql "UPDATE orders SET state = 'ready'"
within 5 shows rows '^data: [{]"dish":"Soup","state":"ready"[}]'; ok $? 'and a trigger publishes what another table holds'
for language in python sh sql; do
    is "$(block $language | wc -l)" 3 "in $language it takes three lines"
done
stream later "$url/livescore?match=oven,disk"
within 5 shows later '"celsius":230'; ok $? 'who comes later begins with a message'
no_crash
done_testing
