#!/bin/bash
# make install puts everything where it is looked for, with any PREFIX, and make uninstall
# removes it.
# tags: once

. tests/lib/lib.sh
need make mandoc

root=$scratch/root
files() { (cd "$root" && find . ! -type d | sort); }

# installs PREFIX LIB - LIB: where systemd looks for it
installs() {
    local prefix=$1 lib=$2 made
    rm -rf "$root"
    make -s install DESTDIR="$root" PREFIX="$prefix"; ok $? "PREFIX=$prefix: make install succeeds"
    made=$(files)
    is "$("$root$prefix/bin/livescore" --version; "$root$prefix/bin/feeder" --version)" "$(livescore --version; feeder --version)" \
        'both programs run'
    is "$(grep -vE "^\.($prefix/(bin|share/man/man[178]|share/livescore|share/bash-completion/completions|share/zsh/site-functions)|$lib/(systemd/system|sysusers\.d|tmpfiles\.d)|/etc/default)/" <<<"$made")" '' \
        'make install writes to no other folder'
    is "$(find systemd -name '*.socket' -o -name '*.service' -o -name '*.timer' -o -name '*.slice' | sed 's|.*/||' | sort)" \
        "$(ls "$root$lib/systemd/system")" 'every unit is where systemd looks'
    ls "$root$lib/sysusers.d/livescore.conf" "$root$lib/tmpfiles.d/livescore.conf" >"$scratch/ls"; ok $? 'the files for users and folders are where systemd looks'
    is "$(cat "$root$lib"/systemd/system/* | grep -oE '/[^ =]*/(bin|share)/[^ ]*' | grep -vxE '/bin/sh|/usr/bin/curl' | sort -u | sed "s|^|$root|" | xargs ls -d 2>&1 >"$scratch/ls")" '' \
        'the programs that units run are installed where they say'
    is "$(cd sql && find . -name '*.sql' | sort)" "$(cd "$root$prefix/share/livescore/sql" && find . -type f | sort)" 'the SQL files are installed for people'
    is "$(ls --ignore=matches.json "$root$prefix/share/livescore/examples")" "$(ls systemd/examples)" 'the examples for other servers are all installed'
    is "$(cat "$root$prefix"/share/livescore/examples/*.conf | grep -oE '/[^ ]*bin/livescore' | sort -u)" "$prefix/bin/livescore" 'the installed examples name the installed livescore'
    "$root$prefix/bin/feeder" -q -d "$db" load "$root$prefix/share/livescore/examples/matches.json"; ok $? 'feeder loads the example that is installed'
    is "$(grep -c /usr/local/ "$root$prefix/share/man/man8/livescore.8")" "$([ "$prefix" = /usr/local ] && grep -c /usr/local/ src/man/livescore.8 || echo 0)" 'the manual names the folders of this PREFIX'
    is "$(mandoc -T lint -W warning "$root$prefix"/share/man/man?/*; find "$root$prefix/share/man" -type f | wc -l)" 3 'the manuals are installed, and mandoc finds nothing wrong'
    is "$(find "$root" -type f -perm /022)" '' 'only the owner may write to installed files'
    make -s install DESTDIR="$root" PREFIX="$prefix"
    is "$(files)" "$made" 'a second make install changes nothing'
    make -s uninstall DESTDIR="$root" PREFIX="$prefix"
    is "$(files)" '' 'make uninstall leaves nothing'
}

echo '#define SQLITE_VERSION_NUMBER 3037002' >"$scratch/sqlite3.h"
like "$(cc -fsyntax-only -I"$scratch" -Isrc src/base/sqlite/db_error.c 2>&1)" 'livescore needs SQLite 3.38' 'with an SQLite that is too old, the compiler names the version it needs'
installs /usr/local /usr/local/lib
installs /usr /usr/lib
installs /opt/livescore /etc

settings=$root/etc/default/livescore
make -s install DESTDIR="$root"
is "$(grep -v '^#' "$settings" | tr -d '\n')" '' 'the installed settings are the defaults'
echo 'LIVESCORE_OPTIONS=--heartbeat 20s' >>"$settings"
make -s install DESTDIR="$root"
like "$(cat "$settings")" 'heartbeat 20s' 'edited settings outlive another install'
make -s uninstall DESTDIR="$root"
is "$(files)" ./etc/default/livescore 'edited settings outlive an uninstall'
done_testing
