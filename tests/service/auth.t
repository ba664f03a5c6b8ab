#!/bin/bash
# Tokens: with --token-file, only clients with one of its tokens can read rows.
# tags: sanitized

. tests/lib/lib.sh
need curl

status() { curl -s -m "$PATIENCE" -o "$scratch/body" -D "$scratch/head" -w '%{http_code}' "$url$1" "${@:2}"; }
good=first-token-0123456789
other=second~token+0123/456=

make_db
message m1 1 0
printf '# for the wall\n%s\n\n%s\n' "$good" "$other" >"$scratch/tokens"
chmod 640 "$scratch/tokens"
serve --token-file "$scratch/tokens" --heartbeat 1s --metrics 127.0.0.1:0 || exit
metrics_url=$(sed -n 's/.*metrics on \(http:.*\)\/$/\1/p' "$scratch/service.log")

for path in / /livescore '/livescore?format=json' /matches /nope '/?match=m1'; do
    is "$(status "$path")" 401 "$path without a token is 401"
    unlike "$(cat "$scratch/body")" 'm1|"home_team"' "the 401 for $path shows no row"
done
like "$(cat "$scratch/head")" $'WWW-Authenticate: Bearer realm="livescore"\r' 'a 401 says that a Bearer token is needed'
is "$(status /healthz)" 200 '/healthz needs no token'
is "$(url=$metrics_url status /metrics) $(url=$metrics_url status /nope)" '200 404' 'no path of the metrics listener needs a token'
curl -s "$url/?token=$good" >"$scratch/page"
grep -oE '(src|href)="[^"#?]+\.(js|css|svg)"' "$scratch/page" | sed -E 's/.*"([^"]*)"/\1/' | head -3 >"$scratch/assets"
[ -s "$scratch/assets" ]; ok $? 'the page is served with a token'
while read -r asset; do is "$(status "/$asset")" 200 "$asset needs no token"; done <"$scratch/assets"
is "$(status /matches -H "Authorization: Bearer $good")" 200 'a token in the header is accepted'
is "$(status "/matches?token=$good")" 200 'a token in the query is accepted'
is "$(status /matches -G --data-urlencode "token=$other")" 200 'a %-encoded token is accepted'
is "$(status /matches -H "Authorization: Bearer ${good}x")" 401 'a token that is not in the file is refused'
is "$(status "/matches?token=%23+for+the+wall+++")" 401 'a comment of the token file is not a token'
is "$(status /matches -H 'Authorization: Basic dTpw')" 401 'a scheme other than Bearer is refused'
is "$(status "/matches?token=$good" -H 'Authorization: Basic dTpw')" 200 'an Authorization header of another scheme does not hide the token in the address: a proxy may ask for it'
is "$(status /livescore -X OPTIONS -H 'Origin: https://a.example' -H 'Access-Control-Request-Method: GET')" 204 'a preflight needs no token'
like "$(cat "$scratch/head")" 'Access-Control-Allow-Headers: .*Authorization' 'a preflight allows Authorization'

# For people.
html='Accept: text/html,application/xhtml+xml,*/*;q=0.8'
is "$(status / -H "$html")" 401 'a browser without a token gets 401'
like "$(cat "$scratch/head" "$scratch/body")" 'text/html.*<form .*name="token"' 'the 401 for a browser is a page that asks for the token'
unlike "$(cat "$scratch/body")" 'home_team|m1' 'the page that asks for a token shows no match'
like "$(status "/nope" -H "$html" -H "Authorization: Bearer $good"; cat "$scratch/head" "$scratch/body")" '^404.*text/html.*no such page' 'the 404 for a browser is a page'
status /a/nope/ -H "$html" -H "Authorization: Bearer $good" >/dev/null
like "$(cat "$scratch/body")" '<base href="./../../">.*<a href="./"' 'the 404 of a folder leads to the scores'
slashes=$(printf '/%.0s' {1..600})
is "$(status "$slashes" --path-as-is -H "$html" -H "Authorization: Bearer $good") $(grep -c '^{"status":404' "$scratch/body")" '404 1' 'the 404 of a folder too deep for a page is JSON'
is "$(status "/?match=m1&token=$good" -H "$html" -c "$scratch/jar")" 303 'a browser that opens an address with a token is redirected'
like "$(cat "$scratch/head")" $'Location: ./\\?match=m1\r' 'the address of the redirect has no token'
like "$(cat "$scratch/head")" "Set-Cookie: livescore_token=$good; .*HttpOnly; SameSite=Lax"$'\r' 'the redirect sets the token as a cookie that scripts cannot read'
is "$(status /?match=m1 -H "$html" -b "$scratch/jar")" 200 'the cookie opens the page'
like "$(cat "$scratch/head")" 'Vary: Authorization, Cookie' 'caches are told that the page depends on the cookie'
like "$(cat "$scratch/head")" 'Cache-Control: private' 'only the cache of the browser may keep an answer to a cookie'
is "$(status /matches -b "$scratch/jar")" 200 'the cookie opens the scoreboard'
is "$(status '/livescore?format=json' -b "$scratch/jar")" 200 'the cookie opens pages of rows'
is "$(status /?token=wrong-wrong-wrong-wrong -H "$html")" 401 'no cookie is made of a wrong token'
unlike "$(cat "$scratch/head")" 'Set-Cookie' 'a 401 sets no cookie'
stream cookie "$url/livescore" -b "$scratch/jar"
eventually shows cookie '^id: '; ok $? 'the cookie opens the stream'
kill "$client"
stream live "$url/livescore?token=$good"
eventually shows live '^id: '; ok $? 'the stream runs with a token'

grep -v "^$good" "$scratch/tokens" >"$scratch/fewer"
chmod 640 "$scratch/fewer"
mv "$scratch/fewer" "$scratch/tokens"
is "$(status "/matches?token=$good")" 401 'a token that is removed from the file is refused'
eventually ended "$client"; ok $? 'a token that is removed from the file ends its streams'
eventually shows service.log 'path=/livescore .*why=token$'; ok $? 'the log says that a stream ended for its token'
is "$(status /matches -H "Authorization: Bearer $other")" 200 'the remaining tokens of the file are accepted'
sed -i '$a 0123456789abcdef type=Goal' "$scratch/tokens"
is "$(status /matches -H "Authorization: Bearer $other")" 503 'a token file with a wrong line lets no client in'
eventually grep -qE "tokens: line $(wc -l <"$scratch/tokens"): expected type= .*no token is admitted" "$scratch/service.log"; ok $? 'the log says which line of the token file is wrong'
sed -i '$d' "$scratch/tokens" && chmod 644 "$scratch/tokens"
is "$(status /matches -H "Authorization: Bearer $other")" 503 'a token file that other users can read lets no client in'
eventually grep -q 'other users may read' "$scratch/service.log"; ok $? 'the log says that other users may read the token file'

# What a token says of itself.
message m2 0 0
message n3 0 0
sql "INSERT INTO match_events(match_id, type, data) VALUES ('m2', 'goal', '{}'), ('m1', 'goal', '{}')"
soon=$(date -u -d '+6 seconds' +%Y-%m-%dT%H:%M:%SZ)
cat >"$scratch/tokens" <<END
$good
limited-token-012345 name=desk match=m1,n* until=2999-01-01T00:00:00Z
goals-token-01234567 type=goal
ending-token-0123456 name=brief until=$soon
ended-token-01234567 until=2001-01-01T00:00:00Z
END
chmod 640 "$scratch/tokens"
stream brief "$url/livescore?token=ending-token-0123456"
brief=$client
# sees TOKEN PATH - the matches in an answer
sees() { get "$2" -H "Authorization: Bearer $1" | grep -oE '"match_id":"[^"]*"' | cut -d '"' -f 4 | sort -u | xargs; }
for path in /matches '/livescore?format=json' '/livescore?format=json&after=0' '/livescore?format=json&last=9' '/livescore?format=json&since=1h' \
    '/livescore?format=json&match=m*,n3' '/matches?day=today'; do
    is "$(sees limited-token-012345 "$path")" 'm1 n3' "a token for m1 and n* sees only these in $path"
    like "$(sees "$good" "$path")" 'm2' "a token without limits sees others in $path"
done
is "$(sees limited-token-012345 '/livescore?format=json&match=n*')" n3 'a limited token does not widen the filter of a request'
like "$(get '/livescore?format=json&after=0' -H 'Authorization: Bearer limited-token-012345')" '"next":"[^"]*match=m1,n' 'the next page has the limits of the first'
unlike "$(get '/livescore?format=json&after=1' -H 'Authorization: Bearer limited-token-012345')" '"next":"[^"]*[?&](at|log)=' 'the next page does not tell a limited token a hash of rows that it hides'
unlike "$(get '/livescore?format=json&after=2&at=0123456789abcdef' -H 'Authorization: Bearer limited-token-012345')" reset 'a limited token cannot test guesses of a hidden row'
for path in '/livescore?match=m2' '/livescore?match=m2&format=json' '/?match=m2' '/matches?match=m2' '/livescore?match=z*'; do
    is "$(status "$path" -H 'Authorization: Bearer limited-token-012345')" 403 "$path is refused to a token for m1 and n*"
done
is "$(sees limited-token-012345 '/matches?match=m2&m%61tch=m1')" '' 'no spelling of an address bypasses the token'
is "$(get / -H 'Authorization: Bearer limited-token-012345' | grep -o 'match=[mn][0-9]' | sort -u | xargs)" 'match=m1 match=n3' 'the page shows to a limited token only its matches'
is "$(get '/livescore?format=json&after=0' -H 'Authorization: Bearer goals-token-01234567' | grep -o '"type":"[a-z]*"' | sort -u)" '"type":"goal"' 'a token for goals sees only goals'
is "$(sees goals-token-01234567 /matches)" '' 'a token for goals sees no scoreboard'
stream limited "$url/livescore?after=0&token=limited-token-012345"
eventually shows limited '"match_id":"n3"'
message m2 1 0
message n3 1 0
eventually shows limited '"away":0.*' 3
eventually shows limited '^event: goal'; ok $? 'a stream of a limited token shows its matches'
unlike "$(cat "$scratch/limited")" '"m2"' 'a stream of a limited token shows no other match'
kill "$client"
eventually shows service.log 'why=client-closed token=desk$'; ok $? 'the log has the name of a token'
is "$(status /matches -H 'Authorization: Bearer ended-token-01234567')" 401 'an expired token is refused'
like "$(cat "$scratch/body")" 'has ended' 'the refusal of an expired token says that it has ended'
eventually ended "$brief"; ok $? 'a token that ends ends its streams'
eventually shows service.log 'why=token token=brief$'; ok $? 'the log says which token has ended'
status /matches -H "Authorization: Bearer $good" >/dev/null
like "$(cat "$scratch/head")" 'Vary: Authorization' 'caches are told that the answer depends on the token'
chmod 644 "$scratch/tokens"
unlike "$(cat "$scratch/service.log")" 'token[-+~]|0123' 'no token is in the log'

# A row puts off the heartbeat, but not the look at the file.
printf '%s\n' "$good" >"$scratch/tokens"
chmod 640 "$scratch/tokens"
serve --token-file "$scratch/tokens" --heartbeat 2s || exit
stream revoked "$url/livescore?token=$good"
eventually shows revoked '^id: '
echo "$other" >"$scratch/tokens"
revoked() { message m1 3 0; shows service.log ' why=token$'; }
eventually revoked; ok $? 'a stream ends when its token is taken away, although rows keep coming'
chmod 644 "$scratch/tokens"

refuses() { livescore -d "$db" -l 127.0.0.1:0 --token-file "$@" 2>&1 </dev/null; echo "exit $?"; }
like "$(refuses "$scratch/tokens")" $'token-file .*: other users may read or write it: use chmod o=\nexit 78' 'a service does not start with a token file that other users may read'
like "$(refuses "$scratch/nothing")" $'token-file .*: No such file or directory: .feeder token new. makes one\nexit 78' 'a service does not start without its token file'
is "$(printf 'GET /matches HTTP/1.0\r\n\r\n' | livescore -d "$db" --token-file "$scratch/nothing" 2>/dev/null | head -1 | tr -d '\r')" 'HTTP/1.1 503 Service Unavailable' 'a single request without a token file gets 503'
no_crash
done_testing
