#!/bin/sh
# takeover.sh DATABASE - plays a taken-over viewer: tries everything that would harm other processes through the
# database's files, and prints what succeeds, and finally "tried".
# shellcheck disable=SC2016 # expanded by the inner shells

db=$1
folder=${db%/*}
own=$(mktemp -p /tmp) || exit # $TMPDIR may be private to the caller
try() { sh -c "$2" sh "$db$1" "$own" 2>/dev/null && echo "$2 $1"; }

for suffix in '' -wal -shm -ring -bell; do
    try "$suffix" ': <>"$1"'
    try "$suffix" 'chmod a+w "$1"'
    try "$suffix" 'mv "$1" "$1.moved"'
    try "$suffix" 'cp "$2" "$2.copy" && mv -f "$2.copy" "$1"'
    try "$suffix" 'test -e "$1" && rm -f "$1" && ! test -e "$1"'
done
for suffix in -wal -shm -journal .part; do
    try "$suffix.new" ': >"$1"'
    try "$suffix.new" 'ln -s /etc/passwd "$1.link"'
    try "$suffix.new" 'mkfifo "$1.fifo"'
    try "$suffix.new" 'mkdir "$1.folder"'
done
try -journal ': >"$1"'
try '' 'sqlite3 "$1" "DELETE FROM match_events"'
try '' "chmod a+w '$folder'"
rm -f "$own" "$own.copy"
echo tried
