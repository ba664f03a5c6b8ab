#!/bin/bash
# feeder's command line: init, add, help, and error messages.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3

query() { sqlite3 "$db" "$1"; }
# fails COMMAND... - its exit code and output, on one line
fails() { local said; said=$("$@" 2>&1 </dev/null); echo "$? $said"; }

is "$(feeder -d "$db" init 2>&1; echo $?)" "feeder: $db: created
0" 'init makes a database and says so'
[ -e "$db-wal" ] && [ -e "$db-shm" ]
ok $? 'the -wal and -shm of a database stay when no process has it open'
is "$(query 'PRAGMA journal_mode')" wal 'a database that init made is in WAL mode'
is "$(feeder -d "$db" add m1 price '{"euro" : 7}' 2>&1)" 1 'add prints the id of the row'
is "$(query 'SELECT match_id, type, data FROM match_events')" 'm1|price|{"euro":7}' 'add inserts the row, minified'
is "$(feeder -d "$db" init 2>&1; query 'SELECT count(*) FROM match_events')" "feeder: $db: already a livescore database
1" 'init again changes nothing'
is "$(feeder -q -d "$db" init 2>&1)" '' 'init -q says nothing'

is "$(LIVESCORE_DB=$db feeder add m1 var '{}')" 2 'the database may come from LIVESCORE_DB'
is "$(LIVESCORE_DB=/nowhere feeder -d "$db" add m1 var '{}')" 3 '-d goes before LIVESCORE_DB'
is "$(feeder add -d "$db" m1 var '{}')" 4 'options may follow the command'
is "$(feeder -d "$scratch/new.db" add m1 var '{}' 2>&1)" "feeder: $scratch/new.db: created
1" 'add creates a missing database, and says so'
: >"$scratch/empty.db"
is "$(feeder -q -d "$scratch/empty.db" init 2>&1; echo $?)" 0 'init completes an empty file'
sqlite3 "$scratch/half.db" 'PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;' >/dev/null
is "$(feeder -q -d "$scratch/half.db" init 2>&1; sqlite3 "$scratch/half.db" 'SELECT count(*) FROM meta')" 1 \
    'init completes what an interrupted one has left'

# A name is a file's, even if SQLite would accept it as something else
for name in file:x.db 'file:x.db?mode=memory' 'file:///x.db' 'x.db?mode=ro' 'x%2e.db'; do
    mkdir -p "$scratch/names/file:"
    is "$(cd "$scratch/names" && feeder -q -d "$name" init && feeder -q -d "$name" add m1 kickoff '{"home_team":"A","away_team":"B"}' 2>&1
          feeder -d "$name" check 2>&1; feeder -q -d "$name" backup file:copy; feeder -q -d file:copy check 2>&1
          find . -type f -size +0 -name '*x*.db*' ! -name '*-shm' ! -name '*-wal')" "feeder: $name: 0 findings, 0 repaired
./$(echo "$name" | tr -s /)" "$name names that file"
    rm -rf "$scratch/names"
done
like "$(feeder -d "$scratch/$(printf 'x%.0s' {1..300})" init 2>&1; echo $?)" 'File name too long.66$' 'a name that is too long is an error that says so'
like "$(feeder -d "$0/x.db" init 2>&1; echo $?)" 'Not a directory.66$' 'a file in the place of a folder is an error that says so'

# The umask applies in any folder.
for mode in 770 2750 2770; do
    install -d -m $mode "$scratch/$mode"
    (umask 077 && feeder -q -d "$scratch/$mode/x.db" init)
    is "$(stat -c %a "$scratch/$mode"/x.db* | sort -u)" 600 "a database in a folder with mode $mode is not readable to more users"
done

pids=()
for i in 1 2 3 4 5 6; do feeder -q -d "$scratch/race.db" init 2>"$scratch/race.$i" & pids+=($!); done
codes=''
for pid in "${pids[@]}"; do wait "$pid"; codes+=$?; done
is "$codes $(cat "$scratch"/race.?)" '000000 ' 'six concurrent inits of one database all succeed'
is "$(feeder -d "$scratch/race.db" add m1 var '{}')" 1 'a database made by six concurrent inits works'

# Databases of other programs
sqlite3 "$scratch/other.db" 'CREATE TABLE t(x)'
before=$(cksum <"$scratch/other.db")
like "$(fails feeder -d "$scratch/other.db" init)" '^78 .*another program' 'a foreign database is refused'
is "$(cksum <"$scratch/other.db")" "$before" 'a foreign database is not touched'
sqlite3 "$scratch/newer.db" 'PRAGMA application_id = 0x4C535652; PRAGMA user_version = 99'
like "$(fails feeder -d "$scratch/newer.db" add m1 goal '{}')" '^78 .*newer.*upgrade' 'a newer schema is refused'
echo 'just a text file, of some length, that is surely no database at all' >"$scratch/text"
like "$(fails feeder -d "$scratch/text" init)" '^65 .*not an SQLite database' 'a text file is refused'
like "$(fails feeder -d "$scratch" init)" '^66 .*a folder' 'a folder is refused'
like "$(fails feeder -d "$scratch/no/x.db" init)" "^66 .*no folder $scratch/no: create it" 'a missing folder is named'

# Operands of add
like "$(fails feeder -d "$db" add 'm 1' goal '{}')" '^65 feeder: match_id must be 1 to 64 printable ASCII characters' 'add says what is wrong with a match'
like "$(fails feeder -d "$db" add m1 Goal '{}')" '^65 feeder: type must be 1 to 32 of a-z' 'add says what is wrong with a type'
like "$(fails feeder -d "$db" add m1 goal '{"a":')" '^65 feeder: JSON: expected an object.*, found [{]"a":$' 'add says what is wrong with broken JSON'
like "$(fails feeder -d "$db" add m1 goal '[]')" '^65 feeder: JSON: expected an object.*, found \[\]$' 'add says what is wrong with JSON that is not an object'
like "$(fails feeder -d "$db" add m1 goal $'{"a":"\xe4"}')" '^65 feeder: JSON: byte 7: expected UTF-8' 'add says what is wrong with text that is not UTF-8'
like "$(fails feeder -d "$db" add m1 note '{["a"]:1}')" '^65 feeder: JSON: byte 7: expected JSON, found : after a bracket' 'add refuses a list for a key, on which SQLite may crash'
id64=$(printf 'm%.0s' {1..64})
is "$(feeder -d "$db" add "$id64" "${id64:32}" '{}')" 5 'a match of 64 characters and a type of 32 are taken'
like "$(fails feeder -d "$db" add "${id64}m" goal '{}')" '^65 feeder: match_id must be' 'a match of 65 characters is refused'
like "$(fails feeder -d "$db" add m1 "${id64:31}" '{}')" '^65 feeder: type must be' 'a type of 33 characters is refused'
is "$(query 'SELECT max(id) FROM match_events')" 5 'nothing is inserted of what add refuses'

# The command line
like "$(fails feeder)" '^64 .*expected a command' 'no command is a usage error'
like "$(fails feeder frob)" '^64 feeder: frob: no such command' 'an unknown command is a usage error'
like "$(fails feeder --frob init)" '^64 ' 'an unknown option is a usage error'
like "$(fails feeder -d "$db" init --loop)" '^64 .*--loop: init has no such option' 'an option of another command is a usage error'
like "$(fails feeder -d "$db" add m1 goal)" '^64 .*usage: feeder \[-d DB\] add MATCH TYPE JSON' 'a missing operand gets the usage line'
like "$(fails feeder -d "$db" load a b)" '^64 ' 'an operand too many is a usage error'
like "$(feeder --version)" '^feeder \(livescore\) [0-9.]+, SQLite 3\.' '--version names both versions'
like "$(feeder --help)" 'init.*load +FILE.*add' '--help lists the commands'
for command in init load add void simulate; do
    is "$(feeder help $command)" "$(feeder $command --help)" "help $command is $command --help"
    like "$(feeder $command --help)" "Usage: feeder \[-d DB\] $command" "the help of $command begins with its usage"
done
is "$(grep '^\.It Fl' src/man/feeder.1 | grep -oE -- ' -[a-z][a-z-]+' | sort)" \
    "$(for command in $(feeder --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do feeder help "$command"; done |
       sed -nE 's/^  (-., |    )-(-[a-z-]+).*/ \2/p' | sort -u)" 'feeder(1) describes each option that some command takes, and no other'
like "$(fails feeder help frob)" '^64 ' 'help for an unknown command is a usage error'
like "$(feeder --help 2>&1 >/dev/full; echo $?)" '74$' 'help that cannot be written is an I/O error'

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
    mkdir "$scratch/ro"
    chmod 755 "$scratch" "$scratch/ro"
    like "$(fails nobody "$bin/feeder" -d "$scratch/ro/x.db" init)" "^73 .*can't be created.*permissions" 'a read-only folder is named as the cause'
    like "$(fails nobody "$bin/feeder" -d "$db" add m1 goal '{}')" '^77 .*no permission to write to it' 'a read-only database is named as the cause'
else
    ok 0 'a read-only folder # SKIP needs root'
    ok 0 'a read-only database # SKIP needs root'
fi
done_testing
