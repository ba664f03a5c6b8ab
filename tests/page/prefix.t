#!/bin/bash
# The board and the embed under a path that a proxy forwards to the service: all links are
# relative.
# tags: once browser packages
. tests/lib/lib.sh
. tests/lib/packages.sh
need sqlite3 curl chromium python3
. tests/lib/browser.sh
unpack nginx

make_db
message m1 Ajax PSV 1 0 23:15 'First Half' >/dev/null
serve || exit
site=http://127.0.0.1:$(free_port)
mkdir "$scratch/www"
: >"$scratch/www/favicon.ico"
echo '<!doctype html><title>A site</title><h1>Scores</h1><script src="/scores/embed.js" data-match="m1" async></script>' >"$scratch/www/index.html"
printf '%s\n' "daemon off; pid $scratch/nginx.pid; error_log stderr; user $(id -un) $(id -gn); events {}" 'http {' 'access_log off;' \
    'types { text/html html; }' "$(printf '%s_temp_path '"$scratch"'/nginx;\n' client_body proxy fastcgi uwsgi scgi)" \
    "server { listen ${site#http://}; root $scratch/www; location /scores/ { proxy_pass $url/; } }" '}' >"$scratch/nginx.conf"
start nginx -p "$scratch" -c "$scratch/nginx.conf" 2>"$scratch/nginx.log"
eventually curl -s -o "$scratch/body" "$site/scores/healthz" || diag "$(cat "$scratch/nginx.log")"

browser_start
visit "$site/scores/"
eventually sees "$(of m1 '.home .team')" Ajax
ok $? 'the board works under a path of a site'
message m1 Ajax PSV 2 0 24:00 'First Half' >/dev/null
eventually sees "$(of m1 '.home .score')" 2
ok $? 'the board is live under a path of a site'
is "$(js 'navigator.serviceWorker.ready.then(({ scope }) => scope)')" "$site/scores/" 'the service worker has the path of the service, and no more of the site'
visit "$site/scores/?match=m1"
eventually sees 'document.body.innerText.includes("PSV")' true
ok $? 'the view of a match works under a path of a site'
visit "$site/"
in_embed='document.querySelector("livescore-match")?.shadowRoot?.querySelector(".score").textContent'
eventually sees "$in_embed" 2
ok $? 'a match can be embedded from under a path of a site' || diag "$(js "$in_embed")"
message m1 Ajax PSV 3 0 25:00 'First Half' >/dev/null
eventually sees "$in_embed" 3
ok $? 'an embedded match is live under a path of a site'
is "$(js 'document.querySelector("livescore-match").shadowRoot.querySelector("a").href')" "$site/scores/?match=m1" 'an embedded match leads to the board under the path of the site'
is "$(browser complaints)" '' 'the console shows no error or warning'
no_crash
done_testing
