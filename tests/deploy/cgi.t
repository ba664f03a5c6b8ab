#!/bin/bash
# livescore as a CGI program under common web servers: every answer is the same as without one, the
# stream runs, a client resumes, the page finds its files.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl jq
for_others
unpack busybox lighttpd apache2-bin nginx fcgiwrap

answers() { curl -s -o /dev/null -m "$PATIENCE" "$url/healthz"; }

# at BASE - from now on $url is the program, under the server at $port
at() { url=http://127.0.0.1:$port$1; eventually answers; }

no_process() { [ -z "$(streams "-d $db --heartbeat 500ms --max-stream")" ]; }
logged() { eventually grep -qE "$1" "$scratch/log"; }

# as_alone NAME PATH [CURL-OPTION...] - status, type and body are the same as through a pipe
as_alone() {
    local name=$1 path=$2
    shift 2
    curl -s -m "$PATIENCE" -o "$scratch/got" -w '%{http_code} %{content_type}\n' "$url$path" "$@" >"$scratch/got.head"
    curl -s -m "$PATIENCE" -o "$scratch/alone" -w '%{http_code} %{content_type}\n' "$alone${path%index.html}" "$@" >"$scratch/alone.head"
    cmp "$scratch/got" "$scratch/alone" && cmp "$scratch/got.head" "$scratch/alone.head"
    ok $? "$name: $path is answered as without a server"
}

# files_of BASE NAME - the page's files there, in $scratch/NAME.files, and their heads in $scratch/NAME.heads
files_of() {
    rm -rf "$scratch/$2.files"
    sed "s|.*|url = $1/&\noutput = $scratch/$2.files/&|" "$scratch/assets" >"$scratch/urls"
    curl -s -m "$PATIENCE" --create-dirs -K "$scratch/urls" -w '%{http_code} %{content_type}\n' >"$scratch/$2.heads"
}

# serves SERVER - the claims for each
serves() {
    : >"$scratch/log"
    as_alone "$1" /healthz
    as_alone "$1" /matches
    as_alone "$1" /index.html -H 'Accept-Encoding: gzip'
    as_alone "$1" '/livescore?after=1&batch=5&format=json'
    as_alone "$1" /livescore?after=0 -H 'Accept: application/json'
    as_alone "$1" /nope
    as_alone "$1" '/livescore?batch=x'
    curl -s -m "$PATIENCE" "$url/index.html" >"$scratch/page"
    grep -oE '(src|href)="[^"#?]+\.(js|css|svg|png|webmanifest)"' "$scratch/page" | sed -E 's/.*"([^"]*)"/\1/' | sort -u >"$scratch/assets"
    [ -s "$scratch/assets" ]; ok $? "$1: the page has files"
    files_of "$url" got
    files_of "$alone" alone
    diff -r "$scratch/got.files" "$scratch/alone.files" >"$scratch/difference" && cmp "$scratch/got.heads" "$scratch/alone.heads" >"$scratch/difference"
    ok $? "$1: the files of the page are answered as without a server" || diag "$(head -n 5 "$scratch/difference")"
    is "$(grep -c '^/' "$scratch/assets")" 0 "$1: the page names its files relative to itself"
    is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code} %{redirect_url}' "$url?a=b")" "308 $url/index.html?a=b" "$1: a URL without its slash is sent to the page"
    is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' -X POST -d x "$url/matches")" "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' -X POST -d x "$alone/matches")" "$1: paths outside the service are refused"
    is "$(curl -s -m "$PATIENCE" -o /dev/null -w '%{http_code}' --data-binary "@$scratch/body" "$url/matches")" 405 "$1: a request with a body larger than a pipe is refused with 405"
    is "$(curl -sI -m "$PATIENCE" "$url/healthz" | tr -d '\r' | grep -ciE '^(date|connection):')" "$owned" "$1: Date and Connection are the server's"

    stream live "$url/livescore?after=latest" -D "$scratch/live.head"
    eventually shows live '^id: '
    message m1 "$RANDOM" 0
    eventually shows live '^data: .*"m1"'; ok $? "$1: rows come as they are inserted"
    like "$(tr -d '\r' <"$scratch/live.head")" 'Content-Type: text/event-stream' "$1: rows come as an event stream"
    eventually shows live '^:$'; ok $? "$1: heartbeats are sent while there are no rows"
    kill "$client"
    eventually no_process; ok $? "$1: a client that hangs up ends the process, at a heartbeat at the latest"
    last=$(sql 'SELECT max(id) FROM match_events')
    message m2 3 1
    stream resumed "$url/livescore" -H "Last-Event-ID: $last"
    eventually shows resumed "^id: $((last + 1))"; ok $? "$1: a client resumes after its cursor"
    is "$(grep -c '^id: ' "$scratch/resumed")" 1 "$1: a client that resumes gets no row twice"
    pid=$(streams "-d $db --heartbeat 500ms --max-stream")
    kill -TERM "$pid"
    wait "$client"
    is "$?" 0 "$1: SIGTERM ends the stream cleanly"
    is "$(grep -c '^retry: ' "$scratch/resumed")" 2 "$1: a stream that SIGTERM ends says when to come back"
    unlike "$(cat "$scratch/live" "$scratch/resumed" "$scratch/page")" 'livescore: peer' "$1: an answer contains no log line"
    logged 'peer=127\.0\.0\.1 method=GET path=/livescore .*why=(client-closed|stopped)'; ok $? "$1: the log names the peer and the path"
}

make_db
message m1 1 0
message m2 2 1
mkdir -p "$scratch/www/cgi-bin"
cat >"$scratch/www/cgi-bin/livescore" <<END
#!/bin/sh
exec $bin/livescore -d $db --heartbeat 500ms --max-stream 30s 2>>$scratch/log
END
chmod 755 "$scratch/www/cgi-bin/livescore"
chmod 755 "$scratch" "$scratch/www" "$scratch/www/cgi-bin"
: >"$scratch/log"
serve --heartbeat 500ms || exit
alone=$url
head -c 200000 /dev/zero >"$scratch/body"

# busybox httpd sends only the Date field with a CGI's answer.
port=$(free_port)
start busybox httpd -f -p "127.0.0.1:$port" -h "$scratch/www"
server=$!
at /cgi-bin/livescore
owned=$(curl -sI "$url/healthz" | tr -d '\r' | grep -ciE '^(date|connection):')
serves 'busybox httpd'
kill "$server"

port=$(free_port)
lighttpd_cgi "$scratch/www"
server=$!
at /cgi-bin/livescore
owned=1
serves lighttpd
kill "$server"

# Apache does not run as root: its user must be able to read the database and write the log.
# When it ends, it signals its whole process group, as fcgiwrap does: they get their own.
port=$(free_port)
modules=$packages/apache2-bin/usr/lib/apache2/modules
chmod 666 "$scratch/log" "$db"*
cat >"$scratch/apache.conf" <<END
ServerName localhost
Listen 127.0.0.1:$port
PidFile $scratch/apache.pid
DefaultRuntimeDir $scratch
ErrorLog $scratch/apache.log
DocumentRoot $scratch/www
LoadModule mpm_prefork_module $modules/mod_mpm_prefork.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule alias_module $modules/mod_alias.so
LoadModule cgi_module $modules/mod_cgi.so
ScriptAlias /cgi-bin/ $scratch/www/cgi-bin/
END
[ "$(id -u)" -ne 0 ] || printf '%s\n' 'User nobody' 'Group nogroup' >>"$scratch/apache.conf"
start setsid apache2 -D FOREGROUND -f "$scratch/apache.conf"
server=$!
at /cgi-bin/livescore || diag "$(cat "$scratch/apache.log")"
owned=1
serves Apache
kill "$server"

# nginx runs no programs: fcgiwrap does.
port=$(free_port)
start setsid fcgiwrap -c 8 -s "unix:$scratch/fcgi.sock"
wrapper=-$! # its group
started+=("$wrapper")
eventually test -S "$scratch/fcgi.sock"
cat >"$scratch/nginx.conf" <<END
$([ "$(id -u)" -ne 0 ] || echo 'user root;')
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log;
events { }
http {
    access_log off;
    client_body_temp_path $scratch/bodies;
    fastcgi_temp_path $scratch/fastcgi;
    proxy_temp_path $scratch/proxy;
    scgi_temp_path $scratch/scgi;
    uwsgi_temp_path $scratch/uwsgi;
    server {
        listen 127.0.0.1:$port;
        location /cgi-bin/livescore {
            fastcgi_split_path_info ^(/cgi-bin/livescore)(.*)\$;
            fastcgi_param GATEWAY_INTERFACE CGI/1.1;
            fastcgi_param REQUEST_METHOD \$request_method;
            fastcgi_param QUERY_STRING \$query_string;
            fastcgi_param CONTENT_LENGTH \$content_length;
            fastcgi_param SCRIPT_NAME \$fastcgi_script_name;
            fastcgi_param SERVER_PROTOCOL \$server_protocol;
            fastcgi_param SERVER_NAME \$server_name;
            fastcgi_param SERVER_PORT \$server_port;
            fastcgi_param REMOTE_ADDR \$remote_addr;
            fastcgi_param SCRIPT_FILENAME $scratch/www/cgi-bin/livescore;
            fastcgi_param PATH_INFO \$fastcgi_path_info;
            fastcgi_pass unix:$scratch/fcgi.sock;
            fastcgi_param NO_BUFFERING 1;        # for fcgiwrap
            fastcgi_buffering off;
        }
    }
}
END
start nginx -p "$scratch" -c "$scratch/nginx.conf"
server=$!
at /cgi-bin/livescore || diag "$(cat "$scratch/nginx.log")"
owned=2
serves 'nginx and fcgiwrap'
kill -TERM "$server" "$wrapper"

# A server may turn a query, which is untrusted, into a program's command line.
is "$(env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET QUERY_STRING=-d+x livescore -d "$db" 2>&1; echo "exit $?")" \
    $'livescore: refused: the command line may be the request\'s query, as that has no \'=\'\nexit 64' 'options that may be a query are refused'
like "$(env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET PATH_INFO=/healthz QUERY_STRING=d=x livescore -d "$db" 2>/dev/null)" '^Status: 200 OK' 'options are accepted beside a query that cannot be an option'

# A body may be shorter than CONTENT_LENGTH, or not come: it is still answered.
posted() { env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST PATH_INFO=/matches CONTENT_LENGTH=9 livescore -d "$db" "$@" 2>&1; }
like "$(printf x | posted)" '^Status: 405 ' 'a body that ends too soon is answered'
mkfifo "$scratch/silent"
like "$(posted --head-timeout 100ms <>"$scratch/silent")" '^Status: 405 .*why=served' 'a request whose body never arrives is answered'
no_crash
done_testing
