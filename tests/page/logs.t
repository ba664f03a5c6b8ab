#!/bin/bash
# How often the page asks for the logs of matches: of a server that refuses, of a match whose
# log is too long, and when nobody is there any more.  Node runs its hub, by a clock of the test's.
# tags: once
. tests/lib/lib.sh
need node

cp src/web/{hub,state,stream,times,words}.js .build/release/web/statuses.js tests/page/{logs,tap}.mjs "$scratch" || exit
echo '{"type": "module"}' >"$scratch/package.json"
node "$scratch/logs.mjs"
