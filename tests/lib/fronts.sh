#!/bin/bash
# fronts.sh - shared by the tests of proxies: services, and proxies in front of them, set up with the files of
# systemd/examples.  Sourced after lib.sh and packages.sh.
# shellcheck shell=bash disable=SC2154,SC2034 # some variables are of lib.sh, or for the tests

unpack nginx haproxy caddy stunnel4
declare -A backend service_of
certificate
tls=(-4 --http2 --cacert "$scratch/cert.pem")

# Two services: one trusts X-Forwarded-For, one needs the PROXY protocol.  A client may have twenty streams
# through each of the proxies.  services HEARTBEAT [OPTION...]
services() {
    serve_port=${backend[nginx]:-0} serve --heartbeat "$@" --trust-proxy 127.0.0.1 --max-per-client 40 || exit
    service_of[nginx]=$service service_of[caddy]=$service
    backend[nginx]=$port backend[caddy]=$port
    serve_port=${backend[haproxy]:-0} serve --heartbeat "$@" --proxy-protocol --max-per-client 20 || exit
    service_of[haproxy]=$service service_of[stunnel]=$service
    backend[haproxy]=$port backend[stunnel]=$port
}

# configure PROXY NAME SED-EXPRESSION... - $scratch/NAME.conf: the example file with a free port on loopback, this
# test's certificate and service, and a time-out of 3 s
configure() {
    local proxy=$1 conf=$scratch/$2.conf
    shift 2
    port=$(free_port)
    set -- -e "s|127.0.0.1:8000|127.0.0.1:${backend[$proxy]}|; s|live.example.org|localhost|" "$@"
    case $proxy in
    nginx)
        { printf 'daemon off;\npid %s.pid;\nerror_log stderr;\nuser %s %s;\nevents {}\nhttp {\naccess_log off;\n' "$conf" "$(id -un)" "$(id -gn)"
          printf '%s_temp_path '"$scratch"'/nginx;\n' client_body proxy fastcgi uwsgi scgi
          sed -E -e '/listen \[::\]/d' -e "s|listen 443|listen 127.0.0.1:$port|; s|(_certificate +).*|\1$scratch/cert.pem;|; s|(_certificate_key +).*|\1$scratch/key.pem;|" \
              -e "s|/etc/nginx|$scratch|" "$@" systemd/examples/nginx.conf
          printf 'proxy_read_timeout 3s;\n}\n'; } >"$conf" ;;
    haproxy)
        sed -E -e "s|bind :443|bind 127.0.0.1:$port|; s|crt [^ ]*|crt $scratch/both.pem|; s|(client\|server) +1m|\1 3s|" "$@" systemd/examples/haproxy.cfg >"$conf" ;;
    caddy)
        { printf '{\n\tadmin off\n\tauto_https disable_redirects\n}\n'
          sed -E "$@" -e "s|^localhost|https://localhost:$port|; s|^(.*):$port \{|&\n\tbind 127.0.0.1\n\ttls $scratch/cert.pem $scratch/key.pem|" \
              -e "s|transport http \{|&\n\t\t\tread_timeout 3s|" systemd/examples/Caddyfile; } >"$conf" ;;
    stunnel)
        { printf 'foreground = yes\npid =\n'
          sed -E "$@" -e "s|^accept = .*|accept = 127.0.0.1:$port\nTIMEOUTidle = 3|; s|^cert = .*|cert = $scratch/cert.pem|; s|^key = .*|key = $scratch/key.pem|" \
              -e '/^exec/d; s/^;(connect|protocol)/\1/' systemd/examples/stunnel.conf; } >"$conf" ;;
    esac
}

# run PROXY CONF - sets $base, its URL
run() {
    local proxy=$1 conf=$scratch/$2.conf
    configure "$@"
    case $proxy in
    nginx)   start nginx -p "$scratch" -c "$conf" ;;
    haproxy) start haproxy -db -f "$conf" ;;
    caddy)   start env HOME="$scratch" caddy run --config "$conf" --adapter caddyfile ;;
    stunnel) start stunnel4 "$conf" ;;
    esac >"$scratch/$2.log" 2>&1
    base=https://localhost:$port
    eventually curl -s -o "$scratch/body" "${tls[@]}" "$base/healthz" || diag "$(tail -n 5 "$scratch/$2.log")"
}
