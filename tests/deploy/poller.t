#!/bin/bash
# The poller that the first viewer, or a listener of inetd, starts is killed repeatedly, then stopped: each
# client has every row once, in order.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/followers.sh
. tests/lib/packages.sh
need python3 sqlite3
unpack lighttpd ucspi-tcp

# by MODE - starts it at $port$path
by() {
    port=$(free_port)
    case $1 in
    lighttpd)
        path=/cgi-bin/livescore
        printf '#!/bin/sh\nexec %s -d %s 2>>%s/service.log\n' "$bin/livescore" "$db" "$scratch" >"$scratch/cgi-bin/livescore"
        chmod 755 "$scratch/cgi-bin/livescore"
        lighttpd_cgi "$scratch" ;;
    tcpserver)
        start tcpserver -HR -l 0 127.0.0.1 "$port" livescore -d "$db" 2>"$scratch/service.log" ;;
    inetd-wait)
        given wait livescore -d "$db" ;;
    esac
    server=$!
    url=http://127.0.0.1:$port${path:-}
    eventually get /healthz >/dev/null
}

goes() {
    mode=$1
    mkdir "$scratch/cgi-bin"
    make_db
    sql "$insert"
    by "$1"
    deaths 10
    ends "$server"
    eventually no_poller; ok $? "$mode: when the last client has gone, so has the poller"
    no_crash "$mode: none has crashed when its poller was killed"
}

for mode in lighttpd tcpserver inetd-wait; do beside "$mode" goes "$mode"; done
joined
done_testing
