#!/bin/bash
# The board with 500 matches, each with as many events as are kept, and 10 rows/s for a few
# seconds: what it shows, and how much memory it takes.  tests/bench/page measures a minute, and
# how smooth the board is.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3

tests/bench/page 6 >"$scratch/figures" 2>"$scratch/errors" || diag "$(cat "$scratch/errors")"
figure() { sed -n "s/^$1=//p" "$scratch/figures"; }
# grows FROM TO KB - whether it grows by more than that
grows() { [ $(($(figure "$2") - $(figure "$1"))) -gt $(($3 * 1024)) ]; }
is "$(figure matches)" 500 'all 500 matches are on the board, though a snapshot has 256'
[ "$(figure rows)" -gt 0 ]; ok $? 'rows came while the board was measured' || diag "$(figure rows)"
is "$(figure complaints)" '' 'a board with 500 matches has not a word in the console'
diag "busy for $(figure busy_ms) ms at most, $(figure frames) frames"
grows heap_new heap_full 1024; ok $? 'a board takes more memory when it has events to keep'
! grows heap_full heap_again 1024 && ! grows dom_full dom_again 4096
ok $? 'after 32,000 events more the memory of a board is the same, but for garbage' || diag "$(cat "$scratch/figures")"
! grows heap_before heap_after 1024 && ! grows dom_before dom_after 4096
ok $? 'in the seconds after that the memory of a board is the same, but for garbage' || diag "$(cat "$scratch/figures")"
done_testing
