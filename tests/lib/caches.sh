#!/bin/bash
# caches.sh - caches before a service at $backend, set up by the very files of systemd/examples.  Sourced
# after lib.sh and packages.sh.
#
#     unpack varnish
#     backend=$port
#     varnish && cache=$!         # and $port is where it listens
# shellcheck shell=bash disable=SC2154,SC2034 # some variables are of lib.sh, or for the tests

varnish() {
    port=${1:-$(free_port)}
    sed "s|\.port = \"8000\"|.port = \"$backend\"|" systemd/examples/varnish.vcl >"$scratch/varnish.vcl"
    start "$packages/varnish/usr/sbin/varnishd" -F -j none -n "$scratch/varnish" -a "127.0.0.1:$port" -f "$scratch/varnish.vcl" \
        -p "vmod_path=$(echo "$packages"/varnish/usr/lib/*/varnish/vmods)" -s malloc,64m >>"$scratch/varnish.log" 2>&1
    answers
}

# answers - whether the cache does, some time
answers() { eventually curl -s -o "$scratch/body" "http://127.0.0.1:$port/healthz" || diag "$(tail -n 5 "$scratch"/*.log)"; }
