#!/bin/bash
# The board with 500 matches and 10 rows/s, for a few seconds: tests/bench/page
# does the same for a minute.  The bounds leave room for a machine that is busy.
. tests/lib.sh
need sqlite3 chromium python3

tests/bench/page 6 >"$scratch/figures" 2>"$scratch/errors" || diag "$(cat "$scratch/errors")"
figure() { sed -n "s/^$1=//p" "$scratch/figures"; }
is "$(figure matches)" 500 'all 500 matches are on the board, though a snapshot has 256'
[ "$(figure rows)" -ge 80 ]; ok $? 'ten rows a second came' || diag "$(figure rows)"
is "$(figure complaints)" '' 'without a word in the console'
[ "$(figure busy_ms)" -lt 1000 ]; ok $? 'the page was never busy for a second' || diag "$(figure busy_ms) ms"
[ "$(figure frames)" -gt 60 ]; ok $? 'it was painted all the time' || diag "$(figure frames) frames"
[ "$(figure heap_after)" -lt $(($(figure heap_before) * 2)) ]; ok $? 'and did not gather memory' || diag "$(cat "$scratch/figures")"
done_testing
