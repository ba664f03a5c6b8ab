#!/bin/bash
# packages.sh - programs from Debian packages that are not installed, because they would start services or
# replace one another.  Also what they need: a port, a certificate.  Sourced after lib.sh.
#
#     unpack haproxy openbsd-inetd
#     "$packages/openbsd-inetd/usr/sbin/inetd" ...      # and haproxy is on PATH
#     suite=trixie unpack python3-httpx-sse             # and Debian's python3 finds it
#
# Packages and their missing dependencies are downloaded once, into .build/packages.  If that fails, a user's
# run skips the test, and CI fails it.
# shellcheck shell=bash disable=SC2154 # $scratch is lib.sh's

packages=$PWD/.build/packages

# unpack PACKAGE... - into $packages/PACKAGE; their programs join PATH, their libraries LD_LIBRARY_PATH, their
# modules PYTHONPATH.  With $suite: from that suite of Debian, without dependencies
unpack() {
    local package folder
    need apt-get dpkg flock
    for package; do
        unpack_once "$package" || missing_here "the package $package can't be downloaded: try apt-get update"
        for folder in "$packages/$package"/{usr/,}{sbin,bin}; do
            [ ! -d "$folder" ] || PATH=$PATH:$folder
        done
        for folder in "$packages/$package"/{usr/,}lib/*-linux-*; do
            [ ! -d "$folder" ] || export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder
        done
        folder=$packages/$package/usr/lib/python3/dist-packages
        [ ! -d "$folder" ] || export PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}$folder
    done
}

# One at a time, since tests run side by side.  A folder under its final name is complete.
unpack_once() {
    (
        mkdir -p "$packages" && exec 9>"$packages/.lock" && flock 9 || exit
        [ ! -d "$packages/$1" ] || exit 0
        if [ -n "${suite:-}" ]; then
            download_from_suite "$1" || exit
        else
            download "$1" || { apt-get -q update && download "$1"; } || exit
        fi
        rm -rf "$packages/.new" && mkdir "$packages/.new" || exit
        for file in "$scratch"/download/*.deb; do
            dpkg -x "$file" "$packages/.new" || exit
        done
        rm -r "$scratch/download"
        mv "$packages/.new" "$packages/$1"
    ) </dev/null >"$scratch/unpack.log" 2>&1 || { diag "$(tail -n 5 "$scratch/unpack.log")"; return 1; }
}

# Keeps apt's cache of its lists, which some machines' settings disable: reading them takes a second.
apt_get() {
    apt-get -q -o Dir::Cache::pkgcache="$1/pkgcache.bin" -o Dir::Cache::srcpkgcache="$1/srcpkgcache.bin" "${@:2}"
}

# The package, and the dependencies that apt would install.
download() {
    mkdir -p "$scratch/download/partial" "$packages/.apt"
    apt_get "$packages/.apt" -y --no-install-recommends --download-only --reinstall \
        -o Dir::Cache::archives="$scratch/download" -o Debug::NoLocking=1 install "$1"
}

# The package alone, from this machine's mirror: the suite's list is kept beside the packages.
download_from_suite() {
    local lists=$packages/.$suite from
    mkdir -p "$scratch/download" "$lists/partial"
    from=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' | head -n 1)
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from $suite main" >"$scratch/sources.list"
    apt_of_suite() {
        apt_get "$lists" -o Dir::Etc::SourceList="$scratch/sources.list" -o Dir::Etc::SourceParts=/dev/null \
            -o Dir::State::Lists="$lists" -o Acquire::Languages=none "$@"
    }
    (cd "$scratch/download" && { apt_of_suite download "$1" || { apt_of_suite update && apt_of_suite download "$1"; }; })
}

# for_others - for a test whose servers, started by root, become another user and read files of this tree
for_others() {
    [ "$(id -u)" -ne 0 ] || setpriv --reuid 65534 --regid 65534 --clear-groups head -c 0 "$PWD/Makefile" 2>/dev/null ||
        missing_here "the user nobody, whom servers become, can't read $PWD: clone it outside of /root"
}

# free_port [N] - a free port of 127.0.0.1, or N of them
free_port() {
    python3 -c 'import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[s.getsockname()[1] for s in sockets], sep="\n")' "${1:-1}"
}

# certificate - $scratch/cert.pem, for localhost, $scratch/key.pem, and $scratch/both.pem
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>"$scratch/openssl.log" ||
        diag "$(cat "$scratch/openssl.log")"
    cat "$scratch/cert.pem" "$scratch/key.pem" >"$scratch/both.pem"
}

# lighttpd_cgi FOLDER - starts lighttpd on $port, with FOLDER/cgi-bin/livescore as a CGI program; its pid is $!
lighttpd_cgi() {
    cat >"$scratch/lighttpd.conf" <<END
server.document-root = "$1"
server.bind = "127.0.0.1"
server.port = $port
server.modules = ("mod_cgi")
server.stream-response-body = 1
cgi.assign = ("/cgi-bin/livescore" => "")
END
    start lighttpd -D -f "$scratch/lighttpd.conf" -m "$packages/lighttpd/usr/lib/lighttpd" 2>"$scratch/lighttpd.log"
}
