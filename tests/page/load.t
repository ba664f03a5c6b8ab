#!/bin/bash
# The board with 500 matches, each with as many events as are kept, and 10 rows/s, for a few
# seconds: tests/bench/page does the same for a minute.  The bounds leave room for a machine
# that is busy.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3

tests/bench/page 6 >"$scratch/figures" 2>"$scratch/errors" || diag "$(cat "$scratch/errors")"
figure() { sed -n "s/^$1=//p" "$scratch/figures"; }
# grows FROM TO KB - whether it does, by more than so much
grows() { [ $(($(figure "$2") - $(figure "$1"))) -gt $(($3 * 1024)) ]; }
is "$(figure matches)" 500 'all 500 matches are on the board, though a snapshot has 256'
[ "$(figure rows)" -ge 80 ]; ok $? 'ten rows a second came' || diag "$(figure rows)"
is "$(figure complaints)" '' 'without a word in the console'
[ "$(figure busy_ms)" -lt 1000 ]; ok $? 'the page was never busy for a second' || diag "$(figure busy_ms) ms"
[ "$(figure frames)" -gt 60 ]; ok $? 'it was painted all the time' || diag "$(figure frames) frames"
grows heap_new heap_full 1024; ok $? 'memory is for the events that are kept'
! grows heap_full heap_again 1024 && ! grows dom_full dom_again 4096
ok $? 'after 32,000 events more it is the same, but for what garbage there always is' || diag "$(cat "$scratch/figures")"
! grows heap_before heap_after 1024 && ! grows dom_before dom_after 4096
ok $? 'as it is in the seconds afterwards' || diag "$(cat "$scratch/figures")"
done_testing
