#!/bin/bash
# What the page's pure modules make of rows and statuses; node runs them without a browser.
# tags: once
. tests/lib/lib.sh
need node

cp -r src/web/{state,words,times,types,language}.js src/web/lang .build/release/web/statuses.js tests/page/{pure,tap}.mjs "$scratch" || exit
echo '{"type": "module"}' >"$scratch/package.json"
TZ=Asia/Tokyo LC_ALL=en_US.UTF-8 LANG=en_US.UTF-8 node "$scratch/pure.mjs"
