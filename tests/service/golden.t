#!/bin/bash
# Golden tests, without a socket: for each tests/service/golden/NAME.in, `livescore
# <NAME.in` writes NAME.out: the answer, how it exited, and all of its log.
#
#     tests/service/golden.t --record    writes the .out files anew: then read the diff

. tests/lib/lib.sh

livescore_reads() {
    livescore -d "$db" --max-stream 1s <"tests/service/golden/$1.in" 2>"$scratch/$1.log"
    echo "--- exit $?"
    cat "$scratch/$1.log"
}

# What differs from run to run: the time of day, and what is drawn by lot.
without_chance() {
    sed -E -e 's/^(Date: ).*GMT/\1DATE/' -e 's/^retry: ([0-9]+)$/retry: RETRY/' \
        -e 's/^(livescore: .* seconds=)[0-9]+\.[0-9]{3}/\1SECONDS/' -e 's/("version":)"[^"]*"/\1"VERSION"/'
}

# Streams live for a second: all at once, then.
run_all() {
    local name
    for name; do
        livescore_reads "$name" | without_chance >"$scratch/$name.out" &
    done
    wait
}

make_db
sqlite3 -bail "$db" <tests/service/golden/rows.sql
names=()
for case in tests/service/golden/*.in; do names+=("$(basename "$case" .in)"); done
for ((i = 0; i < ${#names[@]}; i += 12)); do run_all "${names[@]:i:12}"; done

if [ "${1:-}" = --record ]; then
    for name in "${names[@]}"; do cp "$scratch/$name.out" tests/service/golden/; done
    exit
fi
for name in "${names[@]}"; do
    diff -u "tests/service/golden/$name.out" "$scratch/$name.out" >"$scratch/diff"
    ok $? "livescore answers tests/service/golden/$name.in as it is written down" || sed 's/^/# /' "$scratch/diff"
done
done_testing
