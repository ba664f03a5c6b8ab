#!/bin/bash
# The sound and the notification of a goal, which a reader has to turn on: each time, and once for
# all tabs, in the browser's own Notification and AudioContext.
# tags: once browser
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh

checked() { printf 'document.getElementById("%s").checked' "$1"; }
press() { js "document.getElementById('$1').click()" >/dev/null; }
# settings - opens the dialog
settings() {
    press open-settings
    eventually sees 'document.getElementById("settings").open' true
}

shown='shown.filter(({ title }) => title !== "livescore").map(({ title, body, tag }) => [title, body, tag].join("; ")).join(" | ")'
minute=10
goal() {
    minute=$((minute + 1))
    event m1 goal "$minute:00" home "p$minute" ",\"score\":{\"home\":$((minute - 10)),\"away\":0}" >/dev/null
}
# told - the tab shows the last goal; its noises come earlier, or never
told() { eventually sees "$(of m1 '.home .score')" $((minute - 10)); }
# tabs EXPRESSION - in all tabs at once
tabs() {
    local tab
    for tab in 1 2; do browser tab $tab >/dev/null; js "$1"; done | paste -sd ' '
}

# Records each notification that was shown, and each note that was played to its end.
watch='globalThis.shown = [], globalThis.Notification = class extends Notification {
    constructor(...what) { super(...what); this.addEventListener("show", () => shown.push(this)); } };
globalThis.notes = 0, globalThis.OscillatorNode = class extends OscillatorNode {
    constructor(...what) { super(...what); this.addEventListener("ended", () => { notes += 1; }); } };
delete Navigator.prototype.serviceWorker;
globalThis.audio = null, globalThis.AudioContext = class extends AudioContext { constructor() { super(); audio = this; } };'

make_db
message m1 Ajax PSV 0 0 10:00 'First Half' >/dev/null
serve --show-viewers || exit
browser_start
browser before "${watch//$'\n'/ }" >/dev/null
browser permit notifications denied >/dev/null
visit_live "$url/"
eventually sees '/ago, [1-9] viewers?$/.test(document.getElementById("connection-age").textContent)' true
ok $? 'with --show-viewers the page says how many viewers there are'
settings
is "$(js 'document.getElementById("notify").disabled + " " + document.getElementById("no-notify").textContent')" 'true The browser blocks notifications from this page.' 'where notifications are forbidden they cannot be turned on, and the page says why'
browser permit notifications granted >/dev/null
visit_live "$url/"
goal
told
sleep 0.5
is "$(js 'shown.length + " " + notes')" '0 0' 'a reader who has turned nothing on gets no notification'

settings
press notify
eventually sees "$(checked notify)" true; ok $? 'notifications can be turned on'
goal
eventually sees "$shown" 'Ajax 2–0 PSV; Goal for Ajax, p12. Ajax 2, PSV 0.; m1'
ok $? 'a goal is a notification, with the score and in words' || diag "$(js "$shown")"
event m1 yellow-card 20:00 away Veerman >/dev/null
goal
eventually sees 'shown.length' 3         # one shows that they can
is "$(js 'shown.at(-1).title + " " + shown.at(-1).renotify')" 'Ajax 3–0 PSV true' 'the next goal of a match notifies again, and a card does not'
is "$(js notes)" 0 'a notification makes no sound where the sound is off'

press sound
eventually sees notes 2; ok $? 'the sound is heard when it is turned on' || diag "$(js notes)"
goal
eventually sees notes 4; ok $? 'the sound is heard with a goal'

# A second tab, without any interaction.
browser tab >/dev/null
browser before "${watch//$'\n'/ }" >/dev/null
visit_live "$url/"
settings
is "$(js "$(checked sound)")" true 'a second tab has the same choices'
before=$(tabs 'shown.length')
notes=$(tabs notes)
for _ in 1 2 3 4; do
    goal
    told
done
browser tab 1 >/dev/null
eventually sees notes $((${notes% *} + 8))
is "$(tabs notes)" "$((${notes% *} + 8)) 0" 'each goal is heard once, from the tab that may play sound'
sum=0
for n in $(tabs 'shown.length'); do sum=$((sum + n)); done
is "$sum" $((${before% *} + 4)) 'each goal is shown once by all tabs' || diag "$(tabs 'shown.length'), before: $before"
browser tab 2 >/dev/null
press sound
press notify
browser tab 1 >/dev/null
eventually sees "[$(checked sound), $(checked notify)].join()" false,false; ok $? 'a choice turned off in one tab is off in all'
before=$(tabs 'shown.length + " " + notes')
goal
told
sleep 0.5
is "$(tabs 'shown.length + " " + notes')" "$before" 'a goal is silent when everything is turned off'

# The sound is still on the next time; the browser requires an interaction first.
press sound
browser close >/dev/null
browser tab 1 >/dev/null
visit_live "$url/"
browser key Tab >/dev/null
eventually sees 'audio?.state' running
goal
eventually sees notes 2; ok $? 'the sound of an earlier visit is on after the first key'

# A browser that allows notifications in service workers only, as on Android.
browser close >/dev/null
browser tab >/dev/null
browser before 'globalThis.Notification = class extends Notification { constructor() { super("x"); throw new TypeError("not here"); } }, globalThis.called = [], ServiceWorkerRegistration.prototype.showNotification = async (title, { body, data }) => { called.push(`${title} ${new URL(data.url).search} ${body}`); }, globalThis.setTimeout = ((real) => (call, ms) => real(call, ms === 3000 ? 1e9 : ms))(setTimeout)' >/dev/null
visit_live "$url/"
js 'Object.defineProperty(navigator, "serviceWorker", { value: undefined, configurable: true })' >/dev/null
settings
press notify
eventually sees 'document.getElementById("no-notify").textContent' 'This browser shows no notifications here.'
is "$? $(js "$(checked notify)")" '0 false' 'notifications stay off where nothing could show them, and the page says so'
visit_live "$url/"
settings
press notify
eventually sees "$(checked notify)" true; ok $? 'notifications can be turned on where a service worker shows them, before the page has one'
goal
eventually sees 'called.join()' "Ajax $((minute - 10))–0 PSV ?match=m1 Goal for Ajax, p$minute. Ajax $((minute - 10)), PSV 0."; ok $? 'a service worker shows the notification of a goal, which leads to its match' || diag "$(js 'called.join()')"

# What is on must be able to come.
is_off() { is "$(js "[$(checked notify), document.getElementById('no-notify').textContent].join()")" 'false,With these settings you would get none.' "$1"; }
press starredOnly
is_off 'notifications of favourites are not on while there are none'
press starredOnly
press hidden
is_off 'notifications of goals are not on while scores are hidden'
js 'document.querySelector("#kinds [value=fulltime]").click()' >/dev/null
is "$(js "$(checked notify)")" true 'notifications of full time are on while scores are hidden'
js 'called.length = 0' >/dev/null
goal
event m1 fulltime 90:00 '' '' ',"score":{"home":9,"away":9}' >/dev/null
eventually sees 'called.join()' 'Ajax v PSV ?match=m1 Full time. Ajax, PSV.'; ok $? 'a notification says no score while scores are hidden' || diag "$(js 'called.join()')"
press hidden
js 'globalThis.AudioContext = undefined, 0' >/dev/null
press sound
eventually sees "$(checked sound)" false
press sound
eventually sees "$(checked sound)" false; ok $? 'the sound stays off where the browser has none'
js 'document.getElementById("delay").value = 7, document.getElementById("delay").dispatchEvent(new Event("change")), document.querySelector("#settings [type=submit]").click()' >/dev/null
is "$(js 'document.getElementById("settings").open')" false 'settings close with any delay'
is "$(browser complaints)" '' 'the console shows no error or warning'
done_testing
