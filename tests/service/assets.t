#!/bin/bash
# The files of the page: named by their content and kept for ever, compressed, revalidated by
# tag, and nothing that is not the page's own.
# tags: sanitized

. tests/lib/lib.sh
need curl gzip sha256sum make

# head_of PATH [CURL-OPTION...] - status line and fields, without line ends
head_of() {
    local from=$url$1
    shift
    curl -sg -m "$PATIENCE" -o "$scratch/body" -D - "$@" "$from" | tr -d '\r'
}
field() { sed -n "s/^$1: //p"; }
status_of() { head_of "$@" | sed -n '1s/^HTTP\/1.1 \([0-9]*\).*/\1/p'; }

make_db
message m1 1 0
serve || exit

# The page's links.
curl -s "$url/" | grep -oE '(src|href)="[^":#]+\.[a-z0-9]+"' | sed -E 's/.*"([^"]*)"/\1/' | grep -v '^\./' | sort -u >"$scratch/links"
[ -s "$scratch/links" ]; ok $? 'the page links to files'
is "$(grep -vE '^assets/[0-9a-f]{16}/[a-z0-9./-]+$' "$scratch/links")" '' 'each link to a file is relative, and has the hash of the content'
is "$(cut -d/ -f2 "$scratch/links" | sort -u | wc -l)" 1 'all links have one hash, which is of all files together'
while read -r link; do
    file=.build/release/web/${link#assets/*/}       # without comments
    like "$(head_of "/$link")" '^HTTP/1.1 200 ' "/$link is served"
    cmp -s "$scratch/body" "$file"; ok $? "/$link is the file itself"
    is "$(head_of "/$link" --compressed | field Content-Encoding)" gzip "a client that accepts gzip gets /$link compressed"
    cmp -s "$scratch/body" "$file"; ok $? "/$link, uncompressed again, is the file itself"
done <"$scratch/links"
sent=0
while read -r link; do sent=$((sent + $(curl -s -o /dev/null -w '%{size_download}' --compressed "$url/$link"))); done <"$scratch/links"
[ "$sent" -lt $((43 * 1024)) ]; ok $? 'all files of the page are less than 43 KB, as they are sent' || diag "$sent bytes"
link=/$(grep '\.js$' "$scratch/links" | head -1)
plain=/${link##*/}

# Cache lifetimes.
is "$(head_of "$link" | field Cache-Control)" 'public, max-age=31536000, immutable' 'a file with its hash in its name may be cached for ever'
is "$(head_of "$plain" | field Cache-Control)" 'public, max-age=60, stale-while-revalidate=600' 'a file without a hash in its name may be cached for a minute, and longer while it is requested'
other=${link/${link:8:16}/0123456789abcdef}
is "$(head_of "$other" | field Cache-Control)" 'public, no-cache' 'a hash of another build is not cached, so a page that is older than the service still works'
is "$(head_of "$other" | head -1)" 'HTTP/1.1 200 OK' 'a hash of another build still finds the file'
is "$(head_of / | field Cache-Control)" 'public, max-age=0, s-maxage=1, stale-while-revalidate=10' 'a browser asks for the page at each visit, a cache each second'
for path in "/assets/${link:8:16}/" "/assets/${link:8:16}" "/assets/${link:8:16}/nope.js" "/assets//../board.js" /assets/ /index.html "$plain/"; do
    is "$(status_of "$path" --path-as-is)" 404 "there is no $path"
done

# Revalidation.  Each form has its own tag.
tag=$(head_of "$plain" | field ETag)
zipped=$(head_of "$plain" -H 'Accept-Encoding: gzip' | field ETag)
like "$tag" '^"[0-9a-f]{16}"$' 'a file has a tag'
[ "$tag" != "$zipped" ]; ok $? 'the compressed file has its own tag'
is "$(head_of "$link" | field ETag)" "$tag" 'a file has the same tag under its hash'
is "$(head_of "$plain" | field Vary)" Accept-Encoding 'the Vary of a file names Accept-Encoding'
is "$(head_of "$plain" -H "If-None-Match: $tag" | grep -vE '^(Date|$)')" "HTTP/1.1 304 Not Modified
Access-Control-Allow-Origin: *
Cache-Control: public, max-age=60, stale-while-revalidate=600
ETag: $tag
Vary: Accept-Encoding" 'a client that has the file gets 304, with the headers that a cache needs'
is "$(curl -s -o /dev/null -w '%{size_download}' "$url$plain" -H "If-None-Match: $tag")" 0 'a 304 has no body'
is "$(curl -s -i -I "$url$plain" -H "If-None-Match: $tag" | head -1 | tr -d '\r')" 'HTTP/1.1 304 Not Modified' 'HEAD with the tag of the file gets 304, too'
is "$(head_of "$plain" -I | field Content-Length)" "$(stat -c %s ".build/release/web$plain")" 'HEAD without a tag says how long the file is'
for given in "W/$tag" '*' "\"x\", $tag" "\"x\",W/$tag , \"y\"" "\"a,b\", $tag"; do
    is "$(status_of "$plain" -H "If-None-Match: $given")" 304 "a request with If-None-Match: $given gets 304"
done
is "$(status_of "$plain" -H 'If-None-Match: "x"' -H "If-None-Match: $tag")" 304 'a tag in the second of two If-None-Match fields gets 304'
for given in '"x"' "${tag//\"/}" "$zipped" "${tag%\"}" '"*"' '""'; do
    is "$(status_of "$plain" -H "If-None-Match: $given")" 200 "a request with If-None-Match: $given gets 200"
done
is "$(status_of "$plain" -H 'Accept-Encoding: gzip' -H "If-None-Match: $zipped")" 304 'the tag of the compressed file gets 304 from a client that accepts gzip'
is "$(status_of "$plain" -H 'Accept-Encoding: gzip' -H "If-None-Match: $tag")" 200 'the tag of the plain file gets 200 from a client that accepts gzip'
for given in identity 'gzip;q=0' br; do
    is "$(head_of "$plain" -H "Accept-Encoding: $given" | field Content-Encoding)" '' "a request with Accept-Encoding: $given gets the plain file"
done

page=$(head_of / | field ETag)
is "$(status_of / -H "If-None-Match: $page")" 304 'the tag of the page gets 304'

# What the page may do, and which origins may have it.
policy=$(head_of / | field Content-Security-Policy)
like "$policy" "default-src 'none'; script-src 'self'; style-src 'self';" 'the page runs its own scripts and styles only'
unlike "$policy" 'unsafe|\*|http|blob' 'the page runs no inline script, and none from elsewhere'
like "$policy" "worker-src 'self';.*frame-ancestors 'none'" 'the page may have workers, and be in no frame'
is "$(head_of "$link" | field Content-Security-Policy)" "$policy" 'a worker has the same policy'
is "$(head_of / | field X-Content-Type-Options) $(head_of "$link" | field X-Content-Type-Options)" 'nosniff nosniff' 'the page and its files forbid guessing their type'
is "$(head_of / | field Referrer-Policy)" no-referrer 'the page sends no referrer'
is "$(head_of / | field Cross-Origin-Resource-Policy) $(head_of "$link" | field Cross-Origin-Resource-Policy)" 'same-origin cross-origin' \
    'other sites may have the scripts of the page, and not the page'

# The hash is of the content.  This runs only the build's rules, on a copy of the files.
mkdir -p "$scratch/copy"
cp -r Makefile src sql systemd tests "$scratch/copy"
hash() { make -s -C "$scratch/copy" .build/release/web/index.html >/dev/null 2>&1 && cat "$scratch/copy/.build/release/web/hash"; }
unset MAKEFLAGS MAKELEVEL
before=$(hash)
is "$before" "${link:8:16}" 'the same files have the same hash'
printf ' ' >>"$scratch/copy/src/web/board.css"
after=$(hash)
like "$after" '^[0-9a-f]{16}$' 'a file that has changed is built in'
[ "$after" != "$before" ]; ok $? 'a file that has changed gets another hash'
is "$(grep -c "assets/$after/" "$scratch/copy/.build/release/web/index.html")" "$(grep -c "assets/" .build/release/web/index.html)" 'the page leads to the file that has changed'
no_crash
done_testing
