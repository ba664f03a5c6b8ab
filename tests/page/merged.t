#!/bin/bash
# An open page announces what changed in a document that is loaded again, and nothing else.
# tags: once
. tests/lib/lib.sh
need sqlite3 node jq

cp -r src/web/{state,types,words,language}.js src/web/lang .build/release/web/statuses.js tests/page/merged.mjs "$scratch" || exit
echo '{"type": "module"}' >"$scratch/package.json"
documents=tests/fixtures/feeder/openfootball-2026
last=0 files=()
# loaded DOCUMENT - loads it, and keeps its rows
loaded() {
    feeder -q -d "$db" load "$1"
    files+=("$scratch/rows.${#files[@]}")
    sqlite3 "$db" "SELECT json_object('id', id, 'match_id', match_id, 'type', type, 'created_at', created_at, 'data', json(data))
                   FROM match_events WHERE id > $last ORDER BY id" >"${files[-1]}"
    last=$(sqlite3 "$db" 'SELECT max(id) FROM match_events')
}
told() { node "$scratch/merged.mjs" "${files[@]}"; }

loaded $documents/045.json
for version in 060 060 061 062; do loaded $documents/$version.json; done
correct() { jq -c ".matches |= map(if .team1 == \"Scotland\" then $1 else . end)" $documents/062.json >"$scratch/now.json"; loaded "$scratch/now.json"; }
correct '.goals2[0].minute = "8"'
correct '.goals2[0].minute = "8" | .goals2 = .goals2[:2] | .score.ft = [0, 2]'
correct '.goals2[0].minute = "8"'
correct '.goals2[0] |= (.minute = "8" | .name = "Endrick")'
is "$(told)" "Goal for Switzerland, Rubén Vargas. Switzerland 2, Canada 1.
Goal for Switzerland, Johan Manzambi. Switzerland 2, Canada 1.
Goal for Canada, Promise David. Switzerland 2, Canada 1.
Goal for Brazil, Vinícius Júnior. Scotland 0, Brazil 3.
Goal for Brazil, Vinícius Júnior. Scotland 0, Brazil 3.
Goal for Brazil, Matheus Cunha. Scotland 0, Brazil 3.
-
-
Goal for Mexico, Mateo Chávez. Czech Republic 0, Mexico 3.
Goal for Mexico, Julián Quiñones. Czech Republic 0, Mexico 3.
Goal for Mexico, Álvaro Fidalgo. Czech Republic 0, Mexico 3.
Goal for South Africa, Thapelo Maseko. South Africa 1, South Korea 0.
-
-
Corrected: Goal for Brazil, Vinícius Júnior. Scotland 0, Brazil 3.
-
Taken back: Goal for Brazil, Matheus Cunha. Scotland 0, Brazil 2.
-
Corrected: Goal for Brazil, Matheus Cunha. Scotland 0, Brazil 3.
-
Corrected: Goal for Brazil, Endrick. Scotland 0, Brazil 3.
-" 'a page that is open says what each version of a document has changed, once, and nothing else'
done_testing
