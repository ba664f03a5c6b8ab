#!/bin/bash
# Runs each fuzz target on its seeds, on inputs that are the same every time, and on earlier findings.
# README.md has the longer runs.
# tags: once slow

. tests/lib/lib.sh

for source in tests/fuzz/*.c; do
    name=$(basename "$source" .c)
    [ -x ".build/fuzz/$name" ] || missing_here 'no fuzz targets: they need clang and its runtime (apt-get install clang libclang-rt-dev)'
    runs=5000
    case $name in
    feeder_replicate) runs=100 ;;
    feeder_merge) runs=100 ;; # each makes hundreds of SQLite queries
    feeder_document | feeder_import) runs=250 ;;
    feeder_options | http) runs=10000 ;;
    options | proxy | record | ring | snapshot) runs=25000 ;;
    esac
    tests/fuzz/run "$name" "$scratch/$name" -seed=1 -runs=$runs >"$scratch/log" 2>&1
    ok $? "no input breaks the claims of $source" || {
        diag "$(grep -vE '^#|^\"|Uses' "$scratch/log" | head -30)"
        for found in "$scratch/$name".found-*; do
            [ ! -e "$found" ] || diag "the input, in base64: $(base64 -w 0 "$found")"
        done
    }
done
done_testing
