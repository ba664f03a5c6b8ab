#!/bin/bash
# A model of what the processes of the service do for each other, checked by SPIN in every
# order in which it can happen: no row is lost or repeated, and nobody waits for ever, whoever is
# killed, stopped or resigns at whatever step.  And the model can fail: with any one rule of
# the design left out, SPIN finds what goes wrong.
# tags: once slow

. tests/lib/lib.sh
need spin gcc

model=$PWD/tests/model/ring.pml

# check CFLAGS PAN-OPTIONS DEFINE... - explores the model; sets $errors and $states,
# empty if that was not done in time
check() {
    local cflags=$1 options=$2 found
    shift 2
    rm -rf "$scratch/spin"
    mkdir "$scratch/spin"
    # shellcheck disable=SC2086 # words
    found=$(cd "$scratch/spin" && spin "$@" -a "$model" >spin.log 2>&1 &&
        gcc -O1 -DCOLLAPSE $cflags -o pan pan.c >gcc.log 2>&1 && timeout 100 ./pan -m100000 $options)
    states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' <<<"$found")
    errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' <<<"$found")
    ! grep -qE 'Search not completed|max search depth too small|out of memory' <<<"$found" || [ "$errors" -gt 0 ] || errors=''
}

# holds NAME DEFINE... - nothing is wrong in any state
holds() {
    local name=$1
    shift
    check '-DSAFETY -DNOCLAIM' '' "$@"
    is "$errors" 0 "$name" && diag "$states states"
}

# breaks NAME DEFINE...
breaks() {
    local name=$1
    shift
    check '-DSAFETY -DNOCLAIM' '' "$@"
    is "$errors" 1 "it matters that $name"
}

holds 'when the poller is killed, at any step' -DFORMATS=0
holds 'when the ring is made anew as well' -DROWS=1
holds 'when the poller is stopped, and keeps the lock' -DDEATHS=0 -DSTOPS=1 -DFORMATS=0
holds 'when the poller resigns' -DDEATHS=0 -DRESIGNS=1 -DFORMATS=0 -DROWS=1
check -DNFAIR=4 '-a -f' -DROWS=1 -DFORMATS=0
is "$errors" 0 'every row comes to every reader, if nobody is kept from running' && diag "$states states"

breaks 'a reader notes its position before it reads the database' -DREAD_FIRST -DFORMATS=0
breaks 'who is elected looks for rows that came before' -DNO_LOOK -DFORMATS=0
breaks 'the bell is rung after the row is in the ring' -DAPPEND_LATE -DFORMATS=0
breaks 'rows that a reader has are passed over' -DNO_SKIP -DFORMATS=0
breaks 'watchers look after the poller' -DNO_TICK -DFORMATS=0
breaks 'a new poller rings' -DNO_RING -DFORMATS=0
breaks 'a bell is heard by who is about to fall asleep' -DNO_EDGE -DFORMATS=0
breaks 'the kernel releases the lock of who dies' -DKEEP_LOCK -DFORMATS=0
check -DNFAIR=4 '-a -f' -DROWS=1 -DNO_DEPUTY -DDEATHS=0 -DSTOPS=1 -DFORMATS=0
is "$errors" 1 'it matters that deputies ring'
breaks 'a deputy is heard also by who has something else to read' -DNEWS_FIRST -DDEATHS=0 -DSTOPS=1 -DFORMATS=0
done_testing
