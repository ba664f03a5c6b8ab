#!/bin/bash
# The board with a season of 2,000 matches, 40 of them in play, and 10 rows/s for a few seconds: what it shows, and
# how much memory it takes.  tests/bench/page measures a minute, and how smooth the board is.
# tags: once browser slow
. tests/lib/lib.sh
need sqlite3 chromium python3

tests/bench/page 4 >"$scratch/figures" 2>"$scratch/errors" || diag "$(cat "$scratch/errors")"
figure() { sed -n "s/^$1=//p" "$scratch/figures"; }
# grows FROM TO KB - whether it grows by more than that
grows() { [ $(($(figure "$2") - $(figure "$1"))) -gt $(($3 * 1024)) ]; }
is "$(figure matches)" 40 'of a season of 2,000 matches, the 40 of today are on the board'
[ "$(figure html)" -lt 60000 ]; ok $? 'the HTML of the page does not grow with the season' || diag "$(figure html) bytes"
[ "$(figure rows)" -gt 0 ]; ok $? 'rows came while the board was measured' || diag "$(figure rows)"
is "$(figure complaints)" '' 'the console of a season'\''s board is empty'
diag "busy for $(figure busy_ms) ms at most, $(figure frames) frames"
! grows heap_full heap_again 1024 && ! grows dom_full dom_again 2048
ok $? 'after 2,560 events more the memory of a board is the same, but for garbage' || diag "$(cat "$scratch/figures")"
! grows heap_before heap_after 1024 && ! grows dom_before dom_after 2048
ok $? 'in the seconds after that the memory of a board is the same, but for garbage' || diag "$(cat "$scratch/figures")"
! grows heap_after heap_days 1024 && ! grows dom_after dom_days 2048
ok $? 'after a hundred other days the memory of a board is the same, but for garbage' || diag "$(cat "$scratch/figures")"
done_testing
