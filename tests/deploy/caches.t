#!/bin/bash
# Caches, set up by the very files of systemd/examples: clients of the same stream share one process, and
# whatever dies, and whenever streams end, each gets each row once, in order.
# tags: once packages slow

. tests/lib/lib.sh
. tests/lib/packages.sh
need curl python3
. tests/lib/followers.sh
. tests/lib/caches.sh
unpack varnish

# shared [SIGNAL] - the service, which lets streams be shared, or another in its place
shared() {
    [ -z "${1:-}" ] || stop_service "$1"
    serve_port=${backend:-0} serve --shared-streams 3s --retry 200ms 8>&- || exit # not what tells the clients to go
    backend=$port
}
make_db
shared
varnish
cache=$port

follow 200
flow
eventually have all 1; ok $? "Varnish: 200 clients follow"
# The streams that began at other cursors end with the others, and go on as one.
eventually has_children "$service" 2; ok $? "Varnish: 200 clients are one process, beside the poller"
for signal in KILL TERM KILL TERM; do
    shared $signal
    flows 50
done
port=$cache
eventually has_children "$service" 2; ok $? "Varnish: 200 clients of a service that was killed are one process again"
end_flow
all_come "Varnish: rows go on to all when the service was killed and restarted four times"
unfollow "Varnish: each client has each row once, in order, whatever becomes of the service"
no_crash
done_testing
