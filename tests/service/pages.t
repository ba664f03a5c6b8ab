#!/bin/bash
# The log as pages: each JSON answer names the next one, and says how long caches may keep it.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 curl jq

field() { sed -n "s/^$1: //ip"; }
status_of() { curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' "$url$1"; }

# page QUERY [CURL OPTION...] - gets it; sets $body, $next and $cache
page() {
    body=$(curl -s -m "$PATIENCE" -D "$scratch/head" "$url/livescore$1" "${@:2}")
    cache=$(tr -d '\r' <"$scratch/head" | field Cache-Control)
    next=$(jq -r .next <<<"$body")
}
# told FILTER - from the answer
told() { jq -c "$1" <<<"$body"; }
# rows FROM TO MATCH [TYPE] - inserts them
rows() {
    sql "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
         INSERT INTO match_events(match_id, type, data) SELECT '$3', '${4:-corner}', json_array(i) FROM n"
}
# follow QUERY - all ids from there, by next
follow() {
    next=$1 more=true
    while [ "$more" = true ]; do
        page "$next"
        more=$(told .more)
        told '.events[].id'
    done
}

make_db
rows 1 999 m1
serve || exit

# A growing page.
page '?format=json&after=0'
is "$(told '[(.events | length), .last_id, .more]')" '[999,999,false]' 'a page has 999 rows, if there are no more'
is "$cache" 'public, max-age=0, s-maxage=1' 'a page that grows is kept for a second'
like "$next" '^\?after=999&at=[0-9a-f]{16}&format=json$' 'the next page begins after the last row of this one'
rows 1000 1001 m1
page '?format=json&after=0'
is "$(told '[(.events | length), .last_id, .more]')" '[1000,1000,true]' 'a page has 1000 rows at most'
page "$next"
is "$(told '[.events[].id, .more]')" '[1001,false]' 'the page after a full one begins with the next row'
tag=$(tr -d '\r' <"$scratch/head" | field ETag)
like "$tag" '^"[0-9a-f]{16}"$' 'a page has a strong entity tag'
page '?format=json&after=1001'
first=$next
page "$first"
is "$(told .events) $([ "$next" != "$first" ] && echo changed)" '[] changed' 'an empty answer has another next URL'
second=$next
page "$second"
[ "$next" != "$second" ]; ok $? 'an empty answer after an empty answer has another next URL'
page "$first"
tag=$(tr -d '\r' <"$scratch/head" | field ETag)
rows 1002 1002 m1
page "$first" -H "If-None-Match: $tag"
is "$(told '[.events[].id]')" '[1002]' 'a page that has grown has another entity tag'
tag=$(tr -d '\r' <"$scratch/head" | field ETag)
page "$first" -H "If-None-Match: $tag"
is "$(head -1 "$scratch/head" | tr -d '\r') $(wc -c <<<"$body" | tr -d ' ')" 'HTTP/1.1 304 Not Modified 1' 'a client that has a page gets 304'

# Full pages.
rows 1003 5000 m2
page '?format=json&after=0'
is "$cache" 'public, max-age=0, s-maxage=1' 'a full page is kept for a second if its URL does not name the log'
page "$next"
is "$cache $(told '[(.events | length), .last_id, .more]')" 'public, max-age=31536000, immutable [1000,2000,true]' 'a full page is kept for ever if its URL names the log'
kept=$body third=$next
rows 5001 5001 m2
page "$(sed 's/after=2000&at=[0-9a-f]*/after=1000/' <<<"$third")"
is "$body" "$kept" 'a full page is the same when the log has grown'
follow '?format=json&after=0' >"$scratch/followed"
is "$(<"$scratch/followed")" "$(seq 5001)" 'following the pages brings each row once, in order'
like "$next" '^\?after=5001&at=[0-9a-f]{16}&format=json$' 'at the end of the log, the URL does not name the log'
rows 5002 12000 m2
page "$third"
is "$cache" 'public, max-age=31536000, immutable' 'a page whose URL names the log by an old row may be kept for ever'
follow "$third" >/dev/null
is "$(told .last_id)" 12000 'pages that name the log by an old row lead to the newest page'

# One URL for all clients with the same request.
spelled() { page "$1"; echo "$next"; }
is "$(spelled '?format=json&type=corner,a,corner&wait=0&match=m9,m%32&after=11999&x=y&lastEventID=')" "$(spelled '?match=m2,m9&lastEventID=11999&type=a%2Ccorner&format=json')" 'two spellings of a request have the same next page'
page '?format=json&match=%22%3Cm%C3%BC&after=12000&wait=1'
like "$next" '&match=%22%3Cm%C3%BC&turn=[0-9]+&wait=1$' 'names in the URL of the next page are %-encoded'
page '?after=0' -H 'Accept: application/json'
is "$(tr -d '\r' <"$scratch/head" | field Vary)" Accept 'an answer chosen by Accept has Vary: Accept'

# A log other than the one that the client knows.
page '?format=json&after=3000'
at=$(sed 's/.*&at=\([0-9a-f]*\).*/\1/' <<<"$next")
page "?after=3999&at=$at&format=json"
is "$(told '[.reset.reason, .last_id]') $cache" '["changed",12000] no-store' 'a cursor whose hash is of another row is reset, and the answer is not cached'
page "?after=1000&format=json&log=4096-$at"
is "$(told .last_id) $cache" '2000 public, max-age=0, s-maxage=1' 'a full page whose URL names another log is kept for a second'
for bad in at=1 at= at=0123456789abcdeg at=0123456789ABCDEF log=1 log=-0123456789abcdef log=x-0123456789abcdef turn=x turn=; do
    is "$(status_of "/livescore?format=json&after=1&$bad")" 400 "$bad is refused"
done
sql 'DELETE FROM match_events WHERE id <= 1500'
page '?format=json&after=1499'
is "$(told .reset.reason) $cache" '"gone" no-store' 'the answer that rows are gone is not cached'
page "$(sed 's/after=2000&at=[0-9a-f]*/after=1500/' <<<"$third")"
is "$(told '.events[0].id') $cache" '1501 public, max-age=31536000, immutable' 'a page after pruned rows is kept for ever'
# With restricted access.
echo 'a-token-of-16-bytes' >"$scratch/tokens"
chmod 600 "$scratch/tokens"
serve --token-file "$scratch/tokens" || exit
page '?format=json&after=11999&token=a-token-of-16-bytes'
is "$cache $(sed 's/at=[^&]*/at=AT/' <<<"$next")" 'private, max-age=0, s-maxage=1 ?after=12000&at=AT&format=json&token=a-token-of-16-bytes' 'with tokens only the client may keep a page, and the next URL has the token'
is "$(curl -s -m "$PATIENCE" -I "$url/matches?token=a-token-of-16-bytes" | tr -d '\r' | field Cache-Control)" 'private, max-age=0, s-maxage=1, stale-while-revalidate=10' 'with tokens only the client may keep the scoreboard'
serve --origin https://example.org || exit
page '?format=json&after=11999'
is "$cache $(tr -d '\r' <"$scratch/head" | field Vary)" 'private, max-age=0, s-maxage=1 Origin' 'with named origins only the client may keep a page'
tag=$(tr -d '\r' <"$scratch/head" | field ETag)
for origin in https://example.org https://other.example; do
    curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}\n' "$url/livescore?format=json&after=11999" -H "Origin: $origin" -H "If-None-Match: $tag"
done >"$scratch/statuses"
is "$(xargs <"$scratch/statuses")" '304 200' 'a page of an origin that is not named gets no 304'

# note DATA - serves another log, with one row of that data
note() {
    stop_service
    rm -f "$db" "$db"-*
    make_db
    sql "INSERT INTO match_events(match_id, type, data) VALUES ('m3', 'note', '$1')"
    serve || exit
}
note $'{"a":\r\n1}'
page '?format=json&after=0'
known=$next
note '{"a": 1}'
page "$known"
is "$(told '[.reset, .last_id]')" '[null,1]' 'a cursor matches a row whose line ends became spaces, as in a replica'
note '{"a": 2}'
page "$known"
is "$(told .reset.reason)" '"changed"' 'a cursor does not match a row with other data'
no_crash
done_testing
