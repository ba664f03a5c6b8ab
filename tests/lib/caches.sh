#!/bin/bash
# caches.sh - caches in front of a service at $backend, with the files of systemd/examples.  Sourced after lib.sh
# and packages.sh.
#
#     unpack varnish
#     backend=$port
#     varnish_cache "$(free_port)"; cache=$!
# shellcheck shell=bash disable=SC2154,SC2034 # some variables are of lib.sh, or for the tests

varnish_cache() {
    port=$1
    sed "s|\.port = \"8000\"|.port = \"$backend\"|" systemd/examples/varnish.vcl >"$scratch/varnish.vcl"
    start "$packages/varnish/usr/sbin/varnishd" -F -j none -n "$scratch/varnish" -a "127.0.0.1:$port" -f "$scratch/varnish.vcl" \
        -p "vmod_path=$(echo "$packages"/varnish/usr/lib/*/varnish/vmods)" -s malloc,64m >>"$scratch/varnish.log" 2>&1
    answers
}

# answers - waits for the cache to answer
answers() { eventually curl -s -o "$scratch/body" "http://127.0.0.1:$port/healthz" || diag "$(tail -n 5 "$scratch"/*.log)"; }

nginx_cache() {
    port=$1
    mkdir -p "$scratch/nginx"
    { printf 'daemon off;\npid %s/nginx.pid;\nerror_log stderr;\nuser %s %s;\nevents { worker_connections 4096; }\nhttp {\naccess_log off;\n' "$scratch" "$(id -un)" "$(id -gn)"
      printf '%s_temp_path '"$scratch"'/nginx;\n' client_body proxy fastcgi uwsgi scgi
      sed -e "s|127.0.0.1:8000|127.0.0.1:$backend|; s|listen 80|listen 127.0.0.1:$port|; s|/var/cache/nginx|$scratch|" systemd/examples/nginx-cache.conf
      echo '}'; } >"$scratch/nginx.conf"
    start "$packages/nginx/usr/sbin/nginx" -p "$scratch" -c "$scratch/nginx.conf" >>"$scratch/nginx.log" 2>&1
    answers
}

# A service name separates its files in /dev/shm.  Debian 13 calls the program squid-gnutls.
squid_cache() {
    local own=$packages/squid/usr program
    program=$own/sbin/squid
    [ -x "$program" ] || program+=-gnutls
    port=$1
    { sed -e "s|parent 8000|parent $backend|; s|^http_port 80|http_port 127.0.0.1:$port|" systemd/examples/squid.conf
      printf '%s\n' "pid_filename $scratch/squid.pid" "cache_log $scratch/squid/log" 'access_log none' "coredump_dir $scratch/squid" \
          "mime_table $own/share/squid/mime.conf" "icon_directory $own/share/squid/icons" "error_directory $own/share/squid/errors/templates" \
          "unlinkd_program $own/lib/squid/unlinkd" 'pinger_enable off' 'shutdown_lifetime 0 seconds' 'cache_effective_user nobody'; } >"$scratch/squid.conf"
    mkdir -p "$scratch/squid"
    chmod 777 "$scratch/squid"
    chmod 755 "$scratch"
    start "$program" -N -n "test$$" -f "$scratch/squid.conf" >>"$scratch/squid.log" 2>&1
    answers
}

# haproxy_before CACHE - for a cache that answers streams with its own errors
haproxy_before() {
    port_of[haproxy]=$(free_port)
    sed -E "s|bind :443.*|bind 127.0.0.1:${port_of[haproxy]}|; s|127.0.0.1:8000 send-proxy-v2|127.0.0.1:${port_of[$1]}|" systemd/examples/haproxy.cfg >"$scratch/haproxy.cfg"
    start haproxy -db -f "$scratch/haproxy.cfg" >"$scratch/haproxy.log" 2>&1
}
