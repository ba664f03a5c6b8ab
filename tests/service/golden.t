#!/bin/bash
# Golden tests, without a socket: for each tests/service/golden/NAME.in, `livescore
# <NAME.in` writes NAME.out: the answer, the exit code, and the whole log.  Then the same requests in
# sequence, as on one connection.
#
#     tests/service/golden.t --record    rewrites the .out files: then read the diff

. tests/lib/lib.sh

livescore_reads() {
    local life=$PATIENCE # of the connection, too
    [ "${1#stream}" = "$1" ] || life=1s
    livescore -d "$db" --max-stream $life <"tests/service/golden/$1.in" 2>"$scratch/$1.log"
    echo "--- exit $?"
    cat "$scratch/$1.log"
}

# Replaces what differs between runs: dates, random values, and tags made of these.
without_chance() {
    sed -E -e 's/^(Date: ).*GMT/\1DATE/' -e 's/^retry: ([0-9]+)$/retry: RETRY/' \
        -e 's/^(livescore: .* seconds=)[0-9]+\.[0-9]{3}/\1SECONDS/' -e 's/("version":)"[^"]*"/\1"VERSION"/' \
        -e 's/^(ETag: )"[0-9a-f]{16}"/\1"TAG"/' -e 's/(turn=)[0-9]+/\1TURN/'
}

# Streams last for a second: all run at once.
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
    ok $? "livescore answers tests/service/golden/$name.in as recorded" || sed 's/^/# /' "$scratch/diff"
done

# answer_to NAME - what is written down, without the log
answer_to() { sed '/^--- exit/,$d' "tests/service/golden/$1.out"; }
# requests NAME... - in sequence
requests() {
    local name
    for name; do cat "tests/service/golden/$name.in"; done
}
# behind NAME - that request between two others
behind() {
    requests healthz "$1" matches | livescore -d "$db" --max-stream "$PATIENCE" 2>"$scratch/$1.log" | without_chance >"$scratch/$1.behind"
}

persistent=() last=()
for name in "${names[@]}"; do
    case $name in
    400-half-a-head) continue ;; # the next request would be its other half
    stream-head) ;;
    stream-*) continue ;; # they take their time
    esac
    if grep -q '^Connection: close' "tests/service/golden/$name.out"; then last+=("$name"); else persistent+=("$name"); fi
done
requests "${persistent[@]}" | livescore -d "$db" 2>"$scratch/log" | without_chance >"$scratch/answers"
for name in "${persistent[@]}"; do answer_to "$name"; done | diff -u - "$scratch/answers" >"$scratch/diff"
ok $? "${#persistent[@]} requests on one connection get the bytes that they get apart" || sed 's/^/# /' "$scratch/diff"
for name in "${persistent[@]}"; do sed -n '/^--- exit/,$p' "tests/service/golden/$name.out" | sed '1d'; done >"$scratch/lines"
without_chance <"$scratch/log" | diff -u "$scratch/lines" - >"$scratch/diff"
ok $? 'each request on one connection has the line in the log that it has apart' || sed 's/^/# /' "$scratch/diff"
for name in "${last[@]}"; do behind "$name" & done
wait
for name in "${last[@]}"; do
    { answer_to healthz; answer_to "$name"; } | diff -u - "$scratch/$name.behind" >"$scratch/diff"
    ok $? "a connection ends with the answer to tests/service/golden/$name.in" || sed 's/^/# /' "$scratch/diff"
done
done_testing
