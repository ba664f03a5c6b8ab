#!/bin/bash
# Runs each fuzz target for some seconds, from its seeds.  To search for longer:
#
#     make fuzz && .build/fuzz/http -dict=tests/fuzz/http.dict CORPUS tests/fuzz/http.seeds
# tags: once

. tests/lib/lib.sh

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
for source in tests/fuzz/*.c; do
    name=$(basename "$source" .c)
    [ -x ".build/fuzz/$name" ] || missing_here 'no fuzz targets: they need clang and its runtime (apt-get install clang libclang-rt-dev)'
    mkdir "$scratch/$name"
    ".build/fuzz/$name" -seed="${FUZZ_SEED:-1}" -runs=20000 -max_total_time="${FUZZ_SECONDS:-15}" -max_len=9000 -timeout=10 \
        -dict="tests/fuzz/$name.dict" -artifact_prefix="$scratch/" "$scratch/$name" "tests/fuzz/$name.seeds" >"$scratch/log" 2>&1
    ok $? "no input breaks the claims of $source" || {
        diag "$(grep -vE '^#|^\"|Uses' "$scratch/log" | head -30)"
        for crash in "$scratch"/crash-* "$scratch"/timeout-* "$scratch"/leak-*; do
            [ ! -e "$crash" ] || diag "the input, in base64: $(base64 -w 0 "$crash")"
        done
    }
done
done_testing
