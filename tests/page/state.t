#!/bin/bash
# What the page's pure modules make of rows, statuses and clocks; node runs them without a
# browser.
# tags: once
. tests/lib/lib.sh
need node

cp src/web/{state,words,times}.js .build/release/web/statuses.js tests/page/{pure,tap}.mjs "$scratch" || exit
echo '{"type": "module"}' >"$scratch/package.json"
TZ=Asia/Tokyo LC_ALL=en_US.UTF-8 LANG=en_US.UTF-8 node "$scratch/pure.mjs"
