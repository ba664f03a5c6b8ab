#!/bin/bash
# A match in a page of another origin, by one script element, under a policy that allows only the
# service's script and stream.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3
. tests/lib/browser.sh
. tests/lib/document.sh

# serve_folder FOLDER - on a free port; sets $origin
serve_folder() {
    start env PYTHONUNBUFFERED=1 python3 -m http.server --bind 127.0.0.1 --directory "$1" 0 >"$scratch/origin.log" 2>/dev/null
    eventually grep -q 'Serving HTTP' "$scratch/origin.log" || return
    origin=$(sed -n 's/.*(\(http:[^)]*\)\/).*/\1/p' "$scratch/origin.log")
}

# page FILE BODY - a page of the other origin
page() {
    printf '%s\n' "<!doctype html><meta charset=utf-8><title>A newspaper</title>
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src $url/embed.js $url/lang/; connect-src $url; img-src 'self'\">
<h1>Football</h1>$2" >"$scratch/www/$1"
}

# in_match N SELECTOR - an expression: the text of these elements in the page's Nth match
in_match() { printf '[...(document.querySelectorAll("livescore-match")[%d]?.shadowRoot?.querySelectorAll(%s) ?? [])].map((one) => one.textContent).join(", ")' "$1" "'$2'"; }

make_db
message m1 'Manchester United' Liverpool 1 0 23:15 'First Half' >/dev/null
event m1 goal 23:15 home 'Marcus Rashford' ',"score":{"home":1,"away":0}' >/dev/null
message m2 Ajax PSV 2 2 90+3 'Full Time' >/dev/null
serve --head-timeout 1s || exit
serve_port=$port

mkdir "$scratch/www"
: >"$scratch/www/favicon.ico"
page one.html "<p>Before</p>$(block src/web/README.md html 1 | sed "s|https://scores.example|$url|; s|friendly-01|m1|")<p>After</p>"
page three.html "<script src=\"$url/embed.js\" data-match=\"m1\" async></script><script src=\"$url/embed.js\" data-match=\"m2\" data-lang=\"de\" async></script><livescore-match match=\"m1\"></livescore-match>"
serve_folder "$scratch/www" || exit
browser_start
visit "$origin/one.html"
eventually sees "$(in_match 0 .team)" 'Manchester United, Liverpool'
ok $? 'the match is in the page of another origin' || diag "$(browser complaints)"
is "$(js 'document.body.innerText.replaceAll(/\s+/g, " ")'), $(js 'document.querySelector("livescore-match").previousElementSibling.tagName')" 'Football Before After, SCRIPT' 'the embedded match stands where its script is'
is "$(js "$(in_match 0 .score)") $(js "$(in_match 0 .status)") $(js "$(in_match 0 .clock)")" '1, 0 First half 24′' 'an embedded match has its score, status and clock'
eventually sees "$(in_match 0 .who)" 'Marcus Rashford'; ok $? 'an embedded match has the goals from before the page was opened'
eventually sees 'document.querySelector("livescore-match").shadowRoot.querySelector(".live") !== null' true
ok $? 'an embedded match is live'
is "$(js "$(in_match 0 a)" >/dev/null; js 'document.querySelector("livescore-match").shadowRoot.querySelector("a").href')" "$url/?match=m1" 'an embedded match leads to its page'

goal=$(event m1 own-goal 31:10 home 'Virgil van Dijk' ',"home_team":"Manchester United","away_team":"Liverpool","score":{"home":2,"away":0}')
message m1 'Manchester United' Liverpool 2 0 31:10 'First Half' >/dev/null
eventually sees "$(in_match 0 .score)" '2, 0'
ok $? 'a goal moves the score'
is "$(js "$(in_match 0 li)")" '24′ Marcus Rashford , 32′ Virgil van Dijk Own goal' 'the list of goals names the scorers'
is "$(js "$(in_match 0 '[role=status]')")" 'Goal (Own goal) for Manchester United, Virgil van Dijk. Manchester United 2, Liverpool 0.' 'a screen reader announces the goal'
row m1 void "{\"match_id\":\"m1\",\"voids\":$goal,\"score\":{\"home\":1,\"away\":0}}" >/dev/null
message m1 'Manchester United' Liverpool 1 0 33:00 'First Half' >/dev/null
eventually sees "$(in_match 0 .score)" '1, 0'
is "$(js "$(in_match 0 .voided)")" '32′ Virgil van Dijk Own goal · taken back' 'a correction strikes the goal out, and says so in words'
is "$(js "$(in_match 0 '[role=status]')")" 'Taken back: Goal (Own goal) for Manchester United, Virgil van Dijk. Manchester United 1, Liverpool 0.' 'a screen reader announces that a goal is taken back'
visit "$origin/one.html"
eventually sees "$(in_match 0 '.voided .who')" 'Virgil van Dijk'
ok $? 'a goal that was taken back is struck out in a page that is opened later'

# shellcheck disable=SC2016
evil='<img src=x onerror=alert(1)>${7*7}</bdi><script>alert(2)</script>&lt;'
message m1 "$evil" "$evil" 1 0 "$evil" "$evil" >/dev/null
event m1 goal "$evil" home "$evil" >/dev/null
eventually sees "$(in_match 0 'li:last-child .who')" "$evil"
ok $? 'a hostile player is just text'
is "$(js "$(in_match 0 .status)")" "$evil" 'a hostile status is just text'
is "$(js 'document.querySelector("livescore-match").shadowRoot.querySelectorAll("img, script, [onerror]").length')" 0 'hostile texts make no element'
row m1 message '[1]' >/dev/null
row m1 goal 'null' >/dev/null
row m1 message '{"score":"many","time":{},"status":7}' >/dev/null
eventually sees "$(in_match 0 .score)" '–, –'
ok $? 'nonsense does no harm'
message m1 'Manchester United' Liverpool 1 0 40:00 'First Half' >/dev/null

light=$(js 'getComputedStyle(document.querySelector("livescore-match").shadowRoot.querySelector(".card")).backgroundColor')
browser colours dark >/dev/null
is "$light $(js 'getComputedStyle(document.querySelector("livescore-match").shadowRoot.querySelector(".card")).backgroundColor')" 'rgb(255, 255, 255) rgb(24, 32, 28)' \
    'an embedded match has its own style, which is dark for a reader who prefers that'

# Before a match; themes; narrow columns; other languages.
row m4 message '{"match_id":"m4","home_team":"Ajax","away_team":"Feyenoord","score":{"home":0,"away":0},"time":"","status":"Scheduled","competition":"Eredivisie","starts_at":"2027-05-02T18:30:00Z"}' >/dev/null
page theme.html "<div style='width: 200px'><script src=\"$url/embed.js\" data-match=\"m4\" data-theme=\"light\" data-lang=\"ar\" async></script></div><style>body { --livescore-radius: 3px; --livescore-card: rgb(1, 2, 3) }</style>"
sed -i "s/script-src/style-src 'unsafe-inline'; script-src/" "$scratch/www/theme.html"
visit "$origin/theme.html"
eventually sees "$(in_match 0 .score)" '–, –'
ok $? 'a match that is to come has no score'
like "$(js "$(in_match 0 .status)")" '^تبدأ .*18:30|6:30' 'a match that is to come says when it begins, in the language that was asked for'
is "$(js "$(in_match 0 .competition)")" Eredivisie 'an embedded match names its competition'
in_card='((card) => [getComputedStyle(card).direction, getComputedStyle(card).backgroundColor, getComputedStyle(card).borderRadius, getComputedStyle(card).color, card.scrollWidth <= card.clientWidth])(document.querySelector("livescore-match").shadowRoot.querySelector(".card")).join(" ")'
is "$(js "$in_card")" 'rtl rgb(1, 2, 3) 3px rgb(22, 32, 27) true' 'a page chooses the theme and the colours of an embed, which is from right to left in Arabic, and fits into 200 px'
row m5 message '{"match_id":"m5","home_team":"Argentina","away_team":"France","score":{"home":3,"away":3},"time":"120","status":"Penalties","shootout":{"home":4,"away":2}}' >/dev/null
page narrow.html "<div style='width: 200px'><script src=\"$url/embed.js\" data-match=\"m5\" async></script></div>"
sed -i "s/script-src/style-src 'unsafe-inline'; script-src/" "$scratch/www/narrow.html"
visit "$origin/narrow.html"
eventually sees "$(in_match 0 .kicks)" '(4), (2)'
is "$(js '[...document.querySelector("livescore-match").shadowRoot.querySelectorAll(".team")].every((one) => one.offsetHeight < 30)')" true 'the name of a country stays in one line beside a shoot-out, in 200 px'

# For video streams.
message m6 'Borussia Mönchengladbach VfL 1900' 'Wolverhampton Wanderers Football Club' 10 12 90+3 'Full Time' >/dev/null
browser size 640 360 >/dev/null
visit "$url/?overlay=m6"
eventually sees "$(in_match 0 .score)" '10, 12'
is "$(js 'document.querySelector("livescore-match").shadowRoot.querySelector(".card").getBoundingClientRect().right <= innerWidth - 8')" true 'an overlay with long names fits into its window'
is "$(js '[...document.querySelector("livescore-match").shadowRoot.querySelectorAll(".when > *")].filter((one) => one.checkVisibility()).map((one) => one.innerText).join("")')" 'Full time' 'the overlay of a match that is over says so, and no minute'
browser size 1920 1080 >/dev/null
visit "$url/?overlay=m1"
eventually sees "$(in_match 0 .score)" '1, 0'
ok $? 'an overlay shows the score of its match' || diag "$(js 'document.body.outerHTML')"
is "$(js '[...document.body.children].filter((one) => one.checkVisibility()).map((one) => one.localName).join()') $(js '[document.documentElement, document.body].map((one) => getComputedStyle(one).backgroundColor).join()')" \
    'livescore-match rgba(0, 0, 0, 0),rgba(0, 0, 0, 0)' 'an overlay is nothing but its score, on a transparent page'
bug='(({ width, height }) => width > 300 && width < 1920 && height > 50 && height < 150)(document.querySelector("livescore-match").shadowRoot.querySelector(".card").getBoundingClientRect())'
is "$(js "$bug")" true 'the score of an overlay is large, in one line'
event m1 goal 41:00 away Salah ',"home_team":"Manchester United","away_team":"Liverpool","score":{"home":1,"away":1}' >/dev/null
message m1 'Manchester United' Liverpool 1 1 41:00 'First Half' >/dev/null
eventually sees "$(in_match 0 .score)" '1, 1'; ok $? 'an overlay is live'
message m1 'Manchester United' Liverpool 1 0 41:30 'First Half' >/dev/null
browser size 1200 800 >/dev/null

visit "$origin/one.html"
eventually sees "$(in_match 0 .score)" '1, 0'

# Matches come and go.
eventually has_connections 1
ok $? 'a match is one connection' || diag "$(connections)"
js 'Object.defineProperty(document, "hidden", { value: true, configurable: true }); document.dispatchEvent(new Event("visibilitychange")); 0' >/dev/null
eventually has_connections 0
ok $? 'a hidden page has no connection'
message m1 'Manchester United' Liverpool 1 1 41:00 'First Half' >/dev/null
js 'delete document.hidden; document.dispatchEvent(new Event("visibilitychange")); 0' >/dev/null
eventually sees "$(in_match 0 .score)" '1, 1'
ok $? 'a page that becomes visible again continues from its cursor'
visit "$origin/three.html"
for n in 0 1 2; do eventually sees "$(in_match $n .team)" "$([ "$(js "document.querySelectorAll('livescore-match')[$n].getAttribute('match')")" = m2 ] && echo 'Ajax, PSV' || echo 'Manchester United, Liverpool')"; done
eventually has_connections 1
ok $? 'three matches in a page are one connection, too' || diag "$(connections)"
is "$(js '[...document.querySelectorAll("livescore-match")].map((one) => one.shadowRoot.querySelector(".status").textContent).sort().join()')" 'Beendet,First half,First half' 'each embedded match has the language that its script asks for'
is "$(js '[...document.querySelectorAll("livescore-match")].map(({ shadowRoot }) => `${shadowRoot.querySelector(".team").textContent}: ${getComputedStyle(shadowRoot.querySelector(".status"), "::before").content}`).sort()[0]')" 'Ajax: none' 'a match that is over has no dot beside its status'
message m2 Ajax PSV 3 2 90+4 'Full Time' >/dev/null
event m1 red-card 44:00 away 'Darwin Núñez' >/dev/null
m2='document.querySelector("livescore-match[match=m2]")'
eventually sees "$m2.shadowRoot.querySelector('.score').textContent" 3
ok $? 'each embedded match gets its own news'
eventually sees '[...document.querySelectorAll("livescore-match[match=m1]")].map((one) => one.shadowRoot.querySelector("li:last-child").innerText).join("; ")' '44′ Darwin Núñez Red card; 44′ Darwin Núñez Red card'
ok $? 'two embeds of one match show the same'
js "document.querySelectorAll('livescore-match[match=m1]').forEach((one) => one.remove()); 0" >/dev/null
eventually has_connections 1 && js "$m2.setAttribute('match', 'm1'); 0" >/dev/null
eventually sees "$(in_match 0 .team)" 'Manchester United, Liverpool'
ok $? 'an embed that is given another match shows that'
js 'for (let n = 1; n <= 33; n++) { const one = document.createElement("livescore-match"); one.setAttribute("match", `n${n}`); document.body.append(one); }' >/dev/null
all_live() { sees '[...document.querySelectorAll("livescore-match")].filter((one) => one.shadowRoot.querySelector(".live")).length' "$1"; }
eventually all_live 34 && eventually has_connections 1
ok $? 'more matches than a filter of the service takes are one connection, too' || diag "$(connections)"
js 'document.querySelector("livescore-match[match=n1]").remove(); document.querySelector("livescore-match[match=n2]").remove(); 0' >/dev/null
sleep 0.5
message n33 Zwolle Heerenveen 1 0 1:00 'First Half' >/dev/null
eventually sees 'document.querySelector("livescore-match[match=n33]").shadowRoot.querySelector(".team").textContent' Zwolle
ok $? 'as many matches as a filter takes are live'
js 'document.querySelectorAll("livescore-match").forEach((one) => one.remove()); 0' >/dev/null
eventually has_connections 0
ok $? 'the connection ends with the last embed'
sql "DELETE FROM match_events WHERE id <= 2" # the first goal's
visit "$origin/one.html"
eventually sees "$(in_match 0 'li:last-child .who')" 'Darwin Núñez'
ok $? 'an embed shows the rest of a pruned log'
unlike "$(js "$(in_match 0 .who)")" 'Rashford' 'an embed shows no goal that was pruned'
is "$(browser complaints)" '' 'the console shows no error or warning'

# The server comes and goes.
visit "$origin/one.html"
eventually sees "$(in_match 0 .score)" '1, 1'
eventually sees 'document.querySelector("livescore-match").shadowRoot.querySelector(".live") !== null' true
stop_service KILL
for n in 1 2 3; do event m1 goal "5$n:00" away "p$n" >/dev/null; done
message m1 'Manchester United' Liverpool 1 4 53:00 'Second Half' >/dev/null
eventually sees 'document.querySelector("livescore-match").shadowRoot.querySelector(".live")' null
ok $? 'an embed is not live when its server is killed'
serve || exit
eventually sees "$(in_match 0 .score)" '1, 4'
ok $? 'an embed shows what it missed when its server is back'
eventually sees "$(in_match 0 .who).replace(/.*Núñez/, '')" ', p1, p2, p3'
ok $? 'an embed shows each goal that it missed once, in order' || diag "$(js "$(in_match 0 .who)")"
stop_service
rm -f "$db" "$db"-*
make_db
message m1 Feyenoord Twente 2 1 70:00 'Second Half' >/dev/null
serve || exit
eventually sees "$(in_match 0 .team)" 'Feyenoord, Twente'
ok $? 'an embed follows a replaced database'
is "$(js "$(in_match 0 .who)")" '' 'an embed shows no goal of the old database'
# Named origins.
stop_service
serve --origin "$origin" || exit
visit "$origin/one.html"
eventually sees "$(in_match 0 .team)" 'Feyenoord, Twente'
ok $? 'a page of a named origin shows the match'
eventually sees 'document.querySelector("livescore-match").shadowRoot.querySelector(".live") !== null' true
ok $? 'an embed in a page of a named origin is live'
unlike "$(browser complaints | sed -E 's/Failed to load resource: [^|]*//g')" '[^ |]' 'the console shows no other error or warning'
stop_service
message m3 Heerenveen Utrecht 0 0 1:00 'First Half' >/dev/null # which the browser has not cached
page other.html "<script src=\"$url/embed.js\" data-match=\"m3\" async></script>"
serve --origin https://other.example || exit
visit "$origin/other.html"
eventually sees "$(in_match 0 .status)" 'Waiting for news of this match'
eventually grep -q 'path=/livescore ' "$scratch/service.log"
is "$(js "$(in_match 0 .team)") $(js "$(in_match 0 .status)")" ', Waiting for news of this match' 'a page of an origin that is not named shows no match'
# Tokens.
stop_service
(umask 077; echo abcdefghijklmnop-0123 >"$scratch/tokens")
page secret.html "<script src=\"$url/embed.js?token=abcdefghijklmnop-0123\" data-match=\"m1\" async></script>"
serve --token-file "$scratch/tokens" || exit
visit "$origin/secret.html"
eventually sees "$(in_match 0 .team)" 'Feyenoord, Twente'
ok $? 'a token in the address of the script opens the match'
message m1 Feyenoord Twente 2 2 75:00 'Second Half' >/dev/null
eventually sees "$(in_match 0 .score)" '2, 2'
ok $? 'the stream of an embed uses the token in the address of the script'
is "$(js 'document.querySelector("livescore-match").shadowRoot.querySelector("a").href')" "$url/?match=m1&token=abcdefghijklmnop-0123" 'the link to the board has the token in the address of the script'
no_crash
done_testing
