#!/bin/bash
# The READMEs: their commands run and do what they say; the files that they name exist.
# tags: once
. tests/lib/lib.sh
. tests/lib/document.sh
need sqlite3 python3 curl mandoc jq

mapfile -t documents < <(find . -name '*.md' -not -path './.*' | sed 's|^[.]/||' | sort)
[ ${#documents[@]} -ge 12 ]; ok $? 'the tree has a dozen documents' || exit
[ "$(wc -c <README.md)" -le 9216 ]; ok $? 'README.md has at most 9 KB'

# --- the files that they name

# named FILE - the paths in it, in links and, from the top of the tree, in backticks
named() {
    local folder=${1%/*}
    [ "$folder" != "$1" ] || folder=.
    { grep -oE '\]\([^)# ]+|img src="[^"]+"' "$1" | sed -E 's/^\]\(|^img src="|"$//g' | grep -v '://' | sed "s|^|$folder/|"
      grep -oE '`(bin|sql|src|systemd|tests)/[A-Za-z0-9@_./-]+`' "$1" | tr -d '`'; } | grep -vE '/NAME(\.|$)|^bin/(livescore|feeder)$' |
        xargs realpath -ms --relative-to=. | sort -u
}
for document in "${documents[@]}"; do
    is "$(named "$document" | while read -r path; do [ -e "$path" ] || echo "$path"; done)" '' "every file that $document names exists"
done
# checklist - its rows
checklist() { grep -E '^(\| |\*\*)[0-9]+\. ' src/README.md; }
is "$(checklist | grep -oE '[0-9]+\. ' | tr -d '. \n')" 12345678910 'src/README.md has a checklist of ten'
is "$(checklist | grep -v '`')" '' 'each of the ten names a file'
[ "$(named src/README.md | wc -l)" -ge 30 ]; ok $? 'the checklist names 30 files'
# missing N - the files on standard input that row N of the checklist does not name
missing() { grep -vxF -f <(checklist | grep -E "^\| $1\. " | grep -oE '`[^`]+`' | tr -d '`'); }
is "$(grep -lE "'(goal|penalty)'(, '[a-z-]+')*, '(goal|penalty|own-goal)'" sql/*.sql sql/{feeder,service}/*.sql src/web/*.js | missing 4)" '' \
    'the checklist names each file that lists the types of goals'
is "$(grep -lE '^SELECT (id|message_id), (type|.message.),' sql/service/*.sql | missing 9)" '' 'the checklist names each statement that reads rows to send'
for document in "${documents[@]}"; do named "$document"; done >"$scratch/named"
is "$(printf '%s\n' "${documents[@]}" | grep -vxF -e README.md -f "$scratch/named")" '' 'another document leads to each but README.md'

# --- commands behind "    $ ", each with the output below it

ln -s "$PWD/sql" "$bin" "$scratch"
[ -e "$scratch/bin" ] || ln -s "$bin" "$scratch/bin"
cp tests/fixtures/feeder/formats/openfootball-2022.json "$scratch/worldcup.json"

# compare - runs the command, unless it downloads
compare() {
    [ -n "$command" ] || return
    is "$(cd "$scratch" && bash -c "curl() { :; }; $command" 2>&1)" "${shown%$'\n'}" "$document: a command prints what is shown: ${command%%$'\n'*}"
    ran=$((ran + 1))
}
for document in "${documents[@]}"; do
    sed '/^```/,/^```/d' "$document" | sed -n 's/^    //p' >"$scratch/commands"
    grep -q '^\$ ' "$scratch/commands" || continue
    rm -f "$scratch"/*.db*
    feeder -q -d "$scratch/live.db" load tests/data/matches.json
    command='' shown='' ran=0
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
    is "$ran" "$(grep -c '^\$ ' "$scratch/commands")" "$document: every command with output was run"
done

# --- blocks of code

for document in "${documents[@]}"; do
    awk '/^```/ { if (!inside) print substr($0, 4), ++n[$0]; inside = !inside }' "$document" | sed "s|^|$document |"
done >"$scratch/blocks"
[ "$(wc -l <"$scratch/blocks")" -ge 12 ]; ok $? 'the documents have a dozen blocks of code'
is "$(while read -r one; do grep -rqE "(block|copied) $one" tests --include='*.t' --include='*.sh' || echo "$one"; done <"$scratch/blocks")" '' \
    'a test runs every block of code in the documents'
# commands - what stands indented in a document and is a program, as in "    make all"
commands() { sed -n '/^```/,/^```/d; s/^    //p' "$1" | while read -r word _; do [ -z "$(type -P "$word")" ] || echo "$word"; done; }
for document in "${documents[@]}"; do
    is "$(commands "$document")" '' "every command in $document is in a block of code, or begins with \$"
done

# In README.md, one screen: load, serve, watch, INSERT.
like "$(block README.md sh 1)" 'bin/demo .*bin/test ' 'README.md begins with the demo and the tests'
rm -f "$scratch"/*.db*
sqlite3 "$db" <sql/schema.sql >"$scratch/schema.log"
serve || exit
port=${url##*:}
stop_service
rm -f "$db"*
ln -s "$PWD/tests" "$scratch/tests"
here() { sed "s/\b8000\b/$port/; s/^make\$/:/; s/^curl.*/until curl -s -o health 127.0.0.1:$port\/healthz; do sleep 0.1; done; & >watch 2>curl.log \&/"; }
start env -C "$scratch" bash -c "trap 'kill \$(jobs -p)' TERM; $(block README.md sh 2 | here)
wait" 2>"$scratch/screen.log"
eventually shows watch '^id: 243'
insert=$(block README.md sh 3)
(cd "$scratch" && bash -c "$insert")
eventually shows watch '^id: 244'

sed '/^```/,/^```/d' README.md | sed -n 's/^    //p' | sed -n '/^retry/,/^data: .*90+5"}$/p' | sed '/^retry/d' | grep . >"$scratch/promised"
eventually shows watch 'Ålykke'
is "$(grep . "$scratch/watch" | sed '/^retry/d' | head -n "$(wc -l <"$scratch/promised")")" "$(cat "$scratch/promised")" \
    'README.md shows what its commands print'
url=http://127.0.0.1:$port
is "$(block README.md js 1 | grep -o "http:[^']*" | sed 's|.*8000||')" /livescore 'the script in README.md opens the stream'
! command -v node >/dev/null || { block README.md js 1 | node --check -; ok $? 'the script in README.md is JavaScript'; }

# sql/README.md: an update, and writers
db=$scratch/live.db
block sql/README.md json 1 | feeder -q -d "$db" load -; ok $? 'the update in sql/README.md is one'
stream rows "$url/livescore?match=oven,disk,kitchen"
eventually shows rows '^retry:'
lines=$(block sql/README.md python 1)
(cd "$scratch" && python3 -c "$lines")
eventually shows rows '^data: [{]"celsius":230[}]'; ok $? 'the lines in Python publish a row'
lines=$(block sql/README.md sh 1)
(cd "$scratch" && bash -c "$lines")
eventually shows rows '^data: [{]"kib":[0-9]+[}]'; ok $? 'the lines for a shell publish a row'
sql "CREATE TABLE orders(id INTEGER PRIMARY KEY, dish, state); INSERT INTO orders VALUES (1, 'Soup', 'ordered')"
sql "$(block sql/README.md sql 1)"
sql "UPDATE orders SET state = 'ready'"
eventually shows rows '^data: [{]"dish":"Soup","state":"ready"[}]'; ok $? 'a trigger publishes what another table holds'
for language in python sh sql; do
    is "$(block sql/README.md $language 1 | wc -l)" 3 "publishing in $language takes three lines"
done
stream later "$url/livescore?match=oven,disk"
eventually shows later '"celsius":230'; ok $? 'a client that comes later begins with a message'

# sql/import/README.md: a format
block sql/import/README.md sql 1 >"$scratch/club.sql"
echo '{"results":[{"day":"2026-11-22","home":"We","away":"They","goals":[2,1]}]}' >"$scratch/results.json"
(cd "$scratch" && feeder -q -d club.db load --format club.sql results.json)
is "$(sqlite3 "$scratch/club.db" 'SELECT home_team, home_score, away_score, away_team FROM matches')" 'We|2|1|They' \
    'the format in sql/import/README.md loads a document'

# systemd/README.md: what feeder status prints
feeder -q -d "$scratch/status.db" load tests/data/matches.json
(cd "$scratch" && bash -c "${insert/live.db/status.db}")
is "$(grep -E '^    types ' systemd/README.md)" "$(feeder -d "$scratch/status.db" status | sed -n 's/^types /    &/p')" \
    'systemd/README.md names all types that status does'

# tests/README.md and tests/fuzz/README.md: a test, and commands; of those that take long, whether they find what they name
block tests/README.md bash 1 >"$scratch/example.t"
said=$(bash "$scratch/example.t" 2>&1); ok $? 'the test in tests/README.md passes' || diag "$said"
has_target() {
    case $1 in
    *bin/test*) bash -c "$1 --list" ;;
    make*) $1 -n ;;
    prove*) [ -f "${1##* }" ] ;;
    tests/fuzz/run*) [ -f "tests/fuzz/$(cut -d ' ' -f 2 <<<"$1").c" ] ;;
    esac
}
while read -r line; do
    said=$(has_target "$line" 2>&1); ok $? "a command of the tests' READMEs finds what it names: $line" || diag "$said"
done < <({ block tests/README.md sh 1; block tests/fuzz/README.md sh 1; } | sed 's/ *#.*//')

# src/service/sandbox/README.md: what the sandbox would forbid
if [ "$(uname -m)" = x86_64 ]; then
    lines=$(block src/service/sandbox/README.md sh 1 | sed "s|\$PWD/.build/report|$scratch/report|; s|\.build/report |$scratch/report |")
    like "$(bash -c "$lines" 2>&1)" 'PASS.* viewer EACCES ' 'the commands in src/service/sandbox/README.md report calls'
fi

# --- the manuals' examples: each line is run here, or is one of systemd/README.md, which other tests run

is "$(mandoc -T lint src/man/*.[1-8] 2>"$scratch/mandoc" | grep -v 'referenced manual not found\|text line longer than')" '' 'mandoc finds nothing wrong with a manual'
# examples MANUAL - the lines of its examples, without their indentation
examples() { mandoc -T markdown "src/man/$1" | sed -n '/^# EXAMPLES/,/^# [^E]/s/^\(> \|\t\)//p'; }
mkdir "$scratch/manual"
cp tests/data/matches.json tests/fixtures/feeder/formats/openfootball-2022.json "$scratch/manual"
mv "$scratch/manual/openfootball-2022.json" "$scratch/manual/worldcup.json"
ports=()
while read -r free; do ports+=("$free"); done < <(python3 -c "import socket; s = [socket.create_server(('127.0.0.1', 0)) for _ in '12']; print(*(x.getsockname()[1] for x in s), sep='\n')")

# Those of feeder(1) with their output, if they have any; those that go on are ended soon.
feeder_here='feeder() {
    local limit=$PATIENCE
    case "$*" in *--loop* | *--for* | *--speed*) limit=2 ;; esac
    timeout --preserve-status "$limit" feeder "$@"
}
follow-the-match() { head -1 "$0"; }'
jq -c '.[]' tests/data/matches.json >"$scratch/updates"
command='' shown=''
try_example() {
    local said
    [ -n "$command" ] || return
    said=$(cd "$scratch/manual" && LIVESCORE_DB=live.db bash -c "$feeder_here; $command" "$scratch/updates" 2>&1)
    ok $? "feeder(1): an example succeeds: $command" || diag "$said"
    [ -z "$shown" ] || is "$said" "${shown%$'\n'}" "feeder(1): an example prints what is shown: $command"
}
while IFS= read -r line; do
    case $line in
    '$ '*) try_example; command=$(sed "s|/var/backups/||; s/--user livescore/--user $(id -un)/" <<<"${line#\$ }") shown='' ;;
    *) shown+=$line$'\n' ;;
    esac
done < <(examples feeder.1)
try_example

# answers COMMAND CURL-ARGUMENT... - whether it serves that
answers() {
    local status
    start env -C "$scratch/manual" LIVESCORE_DB=live.db bash -c "exec $1" 2>"$scratch/manual/log"
    service=$!
    eventually curl -sf "${@:2}"
    status=$?
    kill "$service"
    wait "$service" 2>/dev/null
    return $status
}
while IFS= read -r line; do
    here=$(sed "s/:8000/:${ports[0]}/; s/:9464/:${ports[1]}/" <<<"$line")
    case $line in
    *--proxy-protocol) answers "$here" --haproxy-protocol -o "$scratch/body" "127.0.0.1:${ports[0]}/healthz" ;;
    *--metrics*) answers "$here" -o "$scratch/body" "127.0.0.1:${ports[1]}/metrics" ;;
    'livescore '*) answers "$here" -o "$scratch/body" "127.0.0.1:${ports[0]}/healthz" ;;
    'printf '*) grep -q '^HTTP/1.1 200' <<<"$(cd "$scratch/manual" && timeout "$PATIENCE" bash -c "$line" 2>"$scratch/errors" | head -c 15)" ;;
    'exec '*) grep -q '^Status: 200' <<<"$(REQUEST_METHOD=GET GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 SCRIPT_NAME=/cgi-bin/livescore PATH_INFO=/healthz \
        bash -c "$(sed "s|/usr/local/bin/||; s|/var/lib/livescore/|$scratch/manual/|" <<<"$line")" 2>"$scratch/errors")" ;;
    'curl '*:9464/metrics | 'curl '*:8000/livescore | '#!/bin/sh') ;; # of the lines before and after
    *) sed 's/  *#.*//' systemd/README.md | grep -qxF -- "$line" ;;
    esac
    ok $? "an example of livescore's manuals works: $line"
done < <(examples livescore.8; examples livescore-metrics.7 | grep -vE '^ *(-|[a-z_]+:)')

# --- figures

# labels DOCUMENT - of its table of figures
labels() { sed -n '/<!-- figures/,/<!-- end -->/p' "$1" | sed -nE 's/^\| ([0-9p][^|]*) \|.*/\1/p'; }
# figures TOP - the table that a benchmark writes into a document: 2 and 1 for everything
figures() {
    printf '%s\n' 'before' '<!-- figures: make bench -->' 'old' '<!-- end -->' 'after' >"$scratch/figures.md"
    python3 -B -c "import sys; sys.path.insert(0, 'tests/bench/lib'); import figures
figures.write('$scratch/figures.md', figures.table(lambda title, name, column: 1 if column == 'floor' else 2, $1))"
}
for document in 'README.md True' 'tests/bench/README.md False'; do
    figures "${document#* }"
    is "$(labels "$scratch/figures.md")" "$(labels "${document% *}")" "make bench writes all rows of figures in ${document% *}"
done
is "$(sed -n '1p;6p;$p' "$scratch/figures.md" | xargs -d '\n')" \
    'before | 1,000 clients: one row to all, p50 / p99 | 1 / 1 ms | 2 / 2 ms | 2.00 / 2.00 | after' 'a benchmark replaces the table, and nothing around it'
is "$(labels README.md | wc -l)" 4 'README.md has four numbers'
is "$(labels README.md | while read -r label; do grep -F "| $label |" README.md; done)" \
    "$(labels README.md | while read -r label; do grep -F "| $label |" tests/bench/README.md; done)" 'the four numbers of README.md are those of tests/bench/README.md'
no_crash
done_testing
