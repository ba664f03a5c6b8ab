#!/bin/bash
# feeder load --format FILE.sql: custom formats, and what they may not do.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 jq

query() { sqlite3 "$db" "$1"; }
mine=$scratch/mine.sql
echo '{"id": "x1", "teams": ["A", "B"], "result": "2-1"}' >"$scratch/game.v2.json"
good="SELECT json_object('match_id', ?2 || '-' || (?1 ->> '\$.id'), 'home_team', ?1 ->> '\$.teams[0]', 'away_team', ?1 ->> '\$.teams[1]',
       'score', json_object('home', CAST(?1 ->> '\$.result' AS INTEGER), 'away', CAST(substr(?1 ->> '\$.result', 3) AS INTEGER)),
       'time', '90', 'status', 'Full Time')"

printf -- '-- mine: results as my club has them\n%s; -- the end\n' "$good" >"$mine"
feeder -q -d "$db" load --format "$mine" "$scratch/game.v2.json"
is "$? $(query 'SELECT match_id, home_team, home_score, away_score, status FROM matches')" '0 game.v2-x1|A|2|1|Full Time' \
    'a custom SELECT makes updates of the document and of its file'\''s name'
(cd "$scratch" && feeder -q -d "$db" load --format mine.sql - <game.v2.json 2>/dev/null)
is "$? $(query "SELECT match_id FROM matches WHERE match_id NOT LIKE 'game%'")" '65 ' "a user's format that makes a match_id with a space is refused"
like "$(cd "$scratch" && feeder -q -d "$db" load --format mine.sql - <game.v2.json 2>&1)" \
    '^feeder: standard input: update 1 made by mine\.sql: match_id: expected 1 to 64 .*, found "standard input-x1"$' 'an update that is wrong is reported with its number and the format'

# refused NAME SQL PATTERN [CODE]
refused() {
    local said
    printf '%s' "$2" >"$mine"
    said=$(cd "$scratch" && timeout "$PATIENCE" feeder -q -d new.db load --format mine.sql game.v2.json 2>&1)
    like "$? $said $(ls "$scratch/new.db" 2>/dev/null)" "^${4:-65} feeder: $3 $" "a user's format is refused for $1"
}
only='mine\.sql: may only contain one SELECT from its parameters, json_each, json_tree and statuses: .*'
refused 'a word that is no SQL, with its line' $'SELECT 1,\n2 FORM json_each(?1)' 'mine\.sql: line 2: near "json_each": syntax error'
refused 'a column that is not there' $'SELECT value,\n\n nonsense FROM json_each(?1)' 'mine\.sql: line 3: no such column: nonsense'
refused 'an empty file' $'-- nothing\n' 'mine\.sql: expected a SELECT, found nothing'
refused 'two statements' $'SELECT ?1;\nSELECT ?1' 'mine\.sql: line 1: expected the end after one SELECT, found more'
refused 'five columns' 'SELECT 1, 2, 3, 4, 5' 'mine\.sql: expected the columns data, kickoff, elapsed and problem, found 5'
refused 'no update' 'SELECT NULL' 'mine\.sql: its first column, the update, is NULL'
refused 'a sentence from the format' "SELECT NULL, NULL, NULL, 'the season is over'" 'game\.v2\.json: the season is over'
refused 'a document that it cannot read' "SELECT value -> '\$.x' FROM json_each('{')" 'mine\.sql: malformed JSON'
refused 'ATTACH' "ATTACH 'other.db' AS other" "$only"
refused 'PRAGMA' 'PRAGMA journal_mode' "$only"
refused 'a table-valued PRAGMA' 'SELECT file FROM pragma_database_list' "$only"
refused 'CREATE' 'CREATE TABLE t(x)' "$only"
refused 'DELETE' 'DELETE FROM playlist' "$only"
refused 'INSERT' "INSERT INTO playlist(data) VALUES ('x') RETURNING data" "$only"
refused 'the schema' 'SELECT sql FROM sqlite_schema' "$only"
refused 'the table that updates wait in' 'SELECT count(*) FROM playlist' "$only"
refused 'load_extension' "SELECT load_extension('x')" "$only"
refused 'EXPLAIN' 'EXPLAIN SELECT 1' 'mine\.sql: expected a SELECT, found EXPLAIN'
# The size of a format
sized() { printf '%s' "$good"; head -c $(($1 - ${#good})) /dev/zero | tr '\0' ' '; }
sized 262144 >"$mine"
feeder -q -d "$db" load --format "$mine" "$scratch/game.v2.json"
is $? 0 'a format of 256 KiB is taken'
echo >>"$mine"
like "$(feeder -q -d "$db" load --format "$mine" "$scratch/game.v2.json" 2>&1; echo $?)" 'mine.sql: larger than 262144 bytes.*65$' 'a format of one byte more than 256 KiB is refused'
rm "$mine"
like "$(feeder -q -d "$db" load --format "$mine" "$scratch/game.v2.json" 2>&1; echo $?)" \
    "mine.sql: no such file.66\$" 'a missing format is refused'

# Built-in formats
like "$(feeder load --format list | awk '{ print $1 }' | tr '\n' ' ')" '^livescore openfootball football-data statsbomb $' '--format list names those that feeder knows'
is "$(for name in sql/import/*.sql; do basename "$name" .sql; done | sort | tr '\n' ' ')" \
    "$(feeder load --format list | awk '{ print $1 }' | sort | tr '\n' ' ')" '--format list names the files in sql/import'
is "$(feeder load --format list | awk 'NF < 4')" '' '--format list says what each format is'
done_testing
