#!/bin/bash
# A poller without memory, and a full disk: all clients get the rows that are written, and with enough room
# there is a poller again.
# tags: once

. tests/lib/lib.sh
. tests/lib/followers.sh
need curl python3 sqlite3 unshare

without_memory() {
    local size
    make_db
    sql "$insert"
    start livescore -d "$db" --poller 2>"$scratch/service.log.poller"
    eventually has_poller
    size=$(awk '$1 == "VmSize:" { print $2 }' "/proc/$!/status")
    ends $!
    start bash -c "ulimit -v $((size - 1500)) && exec livescore -d '$db' --poller" 2>"$scratch/service.log.poller" # less than the ring
    eventually grep -q "can't be polled" "$scratch/service.log.poller"; ok $? 'a poller without memory says that it cannot poll'
    serve --no-poller || exit
    follow 5
    flow
    flows 50
    end_flow
    all_come 'rows come to all where the poller gets no memory'
    ! has_poller; ok $? 'without memory there is no poller'
    unfollow 'where the poller gets no memory each row comes once, in order'
    no_crash 'a poller that gets no memory crashes nothing'
}

fill() { dd if=/dev/zero of="$scratch/disk/full" bs=4096 status=none 2>"$scratch/filled"; }
until_it_is_full() { while sqlite3 -bail "$db" "$insert" 2>"$scratch/refused"; do :; done; }

with_a_full_disk() {
    mkdir "$scratch/disk"
    mount -t tmpfs -o size=8m tmpfs "$scratch/disk" || exit
    trap 'umount -l "$scratch/disk"; cleanup' EXIT
    db=$scratch/disk/live.db
    make_db
    sql "$insert"
    head -c 6500000 /dev/zero >"$scratch/disk/full" # leaves no room for a ring
    serve || exit
    follow 5
    flow
    flows 20
    end_flow
    all_come 'rows come to all where the disk has no room for a ring'
    eventually grep -q "can't be polled: No space left" "$scratch/service.log"; ok $? 'the log says that the disk has no room for a ring'
    rm "$scratch/disk/full"
    eventually has_poller; ok $? 'when the disk has room again, there is a poller'
    eventually have most 1
    fill
    until_it_is_full
    all_come 'on a full disk the rows that could still be written come to all'
    victim=$(poller)
    kill -KILL "$victim"
    eventually other_poller "$victim"; ok $? 'on a full disk a poller that is killed is followed by another'
    rm "$scratch/disk/full"
    flow
    flows 20
    end_flow
    all_come 'rows go on when a full disk has room again'
    unfollow 'where the disk was full each row comes once, in order'
    ends "$service"
    no_crash 'a full disk crashes nothing'
}

if [ "${1:-}" != mounted ]; then
    unshare --mount true 2>"$scratch/errors" || skip_all "needs root, and namespaces: $(cat "$scratch/errors")"
    cleanup
    exec unshare --mount "$0" mounted
fi
beside memory without_memory
beside disk with_a_full_disk
joined
done_testing
