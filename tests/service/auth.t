#!/bin/bash
# Tokens: with --token-file, only clients with one of its tokens can read rows.

. tests/lib/lib.sh
need curl

status() { curl -s -m "$PATIENCE" -o "$scratch/body" -D "$scratch/head" -w '%{http_code}' "$url$1" "${@:2}"; }
good=first-token-0123456789
other=second~token+0123/456=

make_db
message m1 1 0
printf '# for the wall\n%s\n\n%s\n' "$good" "$other" >"$scratch/tokens"
chmod 640 "$scratch/tokens"
serve --token-file "$scratch/tokens" || exit

for path in / /livescore '/livescore?format=json' /matches /nope '/?match=m1'; do
    is "$(status "$path")" 401 "$path without a token is 401"
    unlike "$(cat "$scratch/body")" 'm1|"home_team"' "the 401 for $path shows no row"
done
like "$(cat "$scratch/head")" $'WWW-Authenticate: Bearer realm="livescore"\r' 'a 401 says that a Bearer token is needed'
is "$(status /healthz)" 200 'health is everybody'\''s'
curl -s "$url/?token=$good" >"$scratch/page"
grep -oE '(src|href)="[^"#?]+\.(js|css|svg)"' "$scratch/page" | sed -E 's/.*"([^"]*)"/\1/' | head -3 >"$scratch/assets"
[ -s "$scratch/assets" ]; ok $? 'the page is served with a token'
while read -r asset; do is "$(status "/$asset")" 200 "$asset needs no token"; done <"$scratch/assets"
is "$(status /matches -H "Authorization: Bearer $good")" 200 'a token in the header opens'
is "$(status "/matches?token=$good")" 200 'a token in the query opens'
is "$(status /matches -G --data-urlencode "token=$other")" 200 'a %-encoded token of the file opens'
is "$(status /matches -H "Authorization: Bearer ${good}x")" 401 'a token that is not in the file does not open'
is "$(status "/matches?token=%23+for+the+wall+++")" 401 'a comment of the token file does not open'
is "$(status /matches -H 'Authorization: Basic dTpw')" 401 'a scheme other than Bearer does not open'
is "$(status "/matches?token=$good" -H 'Authorization: Basic dTpw')" 200 'an Authorization header of another scheme does not hide the token in the address: a proxy may ask for it'
is "$(status /livescore -X OPTIONS -H 'Origin: https://a.example' -H 'Access-Control-Request-Method: GET')" 204 'a preflight needs no token'
like "$(cat "$scratch/head")" 'Access-Control-Allow-Headers: .*Authorization' 'a preflight allows Authorization'
stream live "$url/livescore?token=$good"
eventually shows live '^id: '; ok $? 'the stream runs with a token'

grep -v "^$good" "$scratch/tokens" >"$scratch/fewer"
chmod 640 "$scratch/fewer"
mv "$scratch/fewer" "$scratch/tokens"
is "$(status "/matches?token=$good")" 401 'a token that is taken out of the file is good for nothing more'
is "$(status /matches -H "Authorization: Bearer $other")" 200 'the tokens that stay in the file open'
chmod 644 "$scratch/tokens"
is "$(status /matches -H "Authorization: Bearer $other")" 503 'a token file that other users can read lets no client in'
eventually grep -q 'other users may read' "$scratch/service.log"; ok $? 'the log says that everybody may read the token file'
kill "$client"
unlike "$(cat "$scratch/service.log")" 'token[-+~]|0123' 'no token is in the log'
refuses() { livescore -d "$db" -l 127.0.0.1:0 --token-file "$@" 2>&1 </dev/null; echo "exit $?"; }
like "$(refuses "$scratch/tokens")" $'token-file .*: other users may read or write it: use chmod o=\nexit 78' 'a service does not start with a token file that everybody may read'
like "$(refuses "$scratch/nothing")" $'token-file .*: No such file or directory\nexit 78' 'a service does not start without its token file'
is "$(printf 'GET /matches HTTP/1.0\r\n\r\n' | livescore -d "$db" --token-file "$scratch/nothing" 2>/dev/null | head -1 | tr -d '\r')" 'HTTP/1.1 503 Service Unavailable' 'a single request without a token file gets 503'
no_crash
done_testing
