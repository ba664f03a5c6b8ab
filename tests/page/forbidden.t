#!/bin/bash
# A browser that lets the page keep nothing: the scores are live, and sound and notifications come
# for this visit.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

checked() { printf 'document.getElementById("%s").checked' "$1"; }

make_db
message m1 Ajax PSV 0 0 10:00 'First Half' >/dev/null
serve || exit
export BROWSER_PREFERENCES='{"profile":{"default_content_setting_values":{"cookies":2}}}'
browser_start
browser permit notifications granted >/dev/null
browser before 'globalThis.shown = [], globalThis.Notification = class extends Notification { constructor(...what) { super(...what); shown.push(what[0]); } }, globalThis.notes = 0, globalThis.OscillatorNode = class extends OscillatorNode { constructor(...what) { super(...what); notes += 1; } }' >/dev/null
visit_live "$url/"
is "$(js '(() => { try { return localStorage.length; } catch ({ name }) { return name; } })()')" SecurityError 'the browser forbids storage'
js 'document.getElementById("open-settings").click()' >/dev/null
eventually sees 'document.getElementById("settings").open' true
js "document.getElementById('sound').click(), document.getElementById('notify').click()" >/dev/null
eventually sees "[$(checked sound), $(checked notify)].join()" true,true; ok $? 'sound and notifications can be turned on where nothing is kept'
js 'notes = 0' >/dev/null
event m1 goal 11:00 home Berghuis ',"score":{"home":1,"away":0}' >/dev/null
eventually sees 'shown.at(-1)' 'Ajax 1–0 PSV'; ok $? 'a goal is a notification where nothing is kept' || diag "$(js 'shown')"
eventually sees notes 2; ok $? 'a goal is heard where nothing is kept'
is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
