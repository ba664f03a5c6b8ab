#!/bin/bash
# A model of the ring's protocol (src/service/follow/README.md); SPIN checks every possible order of
# steps: no row is lost or repeated, no deleted row is taken from the ring, and no reader waits for
# ever, whether the poller is killed or stopped, at any step.  The model can fail: without any one
# rule of the protocol, SPIN finds an error.
# tags: once slow

. tests/lib/lib.sh
need spin gcc

model=$PWD/tests/model/ring.pml

# check CFLAGS PAN-OPTIONS DEFINE... - explores the model; sets $errors and $states, empty
# if that did not finish in time.  Most of the time is compiling: optimizing pays only for millions
# of states ($optimize).
optimize=-O0
compiler=gcc
! command -v clang >/dev/null || compiler=clang # in half the time, without optimizing
check() {
    local cflags=$1 options=$2 found
    shift 2
    rm -rf "$scratch/spin"
    mkdir "$scratch/spin"
    # shellcheck disable=SC2086 # words
    found=$(cd "$scratch/spin" && spin "$@" -a "$model" >spin.log 2>&1 &&
        $compiler -w $optimize $cflags -o pan pan.c >gcc.log 2>&1 && timeout $((2 * PATIENCE)) ./pan -m100000 $options)
    states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' <<<"$found")
    errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' <<<"$found")
    ! grep -qE 'Search not completed|max search depth too small|out of memory' <<<"$found" || [ "$errors" -gt 0 ] || errors=''
}

# holds NAME DEFINE... - no state violates a claim
holds() {
    local name=$1
    shift
    check '-DSAFETY -DNOCLAIM' '' "$@"
    is "$errors" 0 "$name, every reader has every row once, in order" && diag "$states states"
}

# breaks NAME DEFINE...
breaks() {
    local name=$1
    shift
    check '-DSAFETY -DNOCLAIM' '' "$@"
    is "$errors" 1 "the model fails unless $name"
}

holds 'when the poller is killed at any step, and another follows'
holds 'when it is killed, and none follows' -DFORKS=1
holds 'when it is killed twice' -DROWS=1 -DDEATHS=2 -DFORKS=3
optimize=-O1 holds 'when the ring is recreated as well' -DFORMATS=1
holds 'when the poller is stopped, and its supervisor replaces it' -DDEATHS=0 -DSTOPS=1
holds 'when the poller is stopped, and not replaced' -DDEATHS=0 -DSTOPS=1 -DFORKS=1
holds 'when a row is too large for the ring' -DLARGE=1
optimize=-O1 holds 'when a row is deleted' -DDELETES=1 -DCAPACITY=2
check -DNFAIR=4 '-a -f' -DFORKS=1 -DDEATHS=0
is "$errors" 0 'every row comes to every reader, if no process is kept from running' && diag "$states states"

breaks 'a reader notes its position before it reads the database' -DREAD_FIRST
breaks 'a new poller begins where the ring ends' -DNO_LOOK
breaks 'the bell is rung after the row is in the ring' -DAPPEND_LATE
breaks 'rows that a reader has are passed over' -DNO_SKIP
breaks 'a reader that has missed a row reads the database' -DNO_PREV -DLARGE=1
breaks 'a reader that was lapped does not read on' -DNO_LAP
breaks 'the bell is heard by a reader that is about to fall asleep' -DNO_EDGE
breaks 'the death of the poller wakes the readers' -DNO_HANGUP -DFORKS=1
breaks 'a reader whose poller is dead reads the database' -DNO_ALONE -DFORKS=1
breaks 'a reader looks at the stamp of the poller' -DNO_STAMP -DDEATHS=0 -DSTOPS=1 -DFORKS=1
breaks 'no reader takes rows from the ring that were deleted' -DNO_PRUNED -DDELETES=1 -DCAPACITY=2
done_testing
