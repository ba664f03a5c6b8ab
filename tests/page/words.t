#!/bin/bash
# The page's languages and times: that all languages have the same words, and what they make of
# numbers, minutes and days.  node runs them without a browser.
# tags: once
. tests/lib/lib.sh
need node

cp -r src/web/{words,days,times,types,language}.js src/web/lang .build/release/web/statuses.js tests/page/{words,tap}.mjs "$scratch" || exit
echo '{"type": "module"}' >"$scratch/package.json"
TZ=Asia/Tokyo node "$scratch/words.mjs" src/web
