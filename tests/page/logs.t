#!/bin/bash
# How often the page asks for the logs of matches: when the server refuses, when a log is too long,
# and when no tab is left.  Node runs the hub with a fake clock.
# tags: once
. tests/lib/lib.sh
need node

cp -r src/web/{hub,kept,state,feed,times,types,language}.js src/web/lang .build/release/web/statuses.js tests/page/{logs,tap}.mjs "$scratch" || exit
echo '{"type": "module"}' >"$scratch/package.json"
node "$scratch/logs.mjs"
