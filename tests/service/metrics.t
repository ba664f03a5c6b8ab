#!/bin/bash
# The metrics: they agree with what clients counted, and are served on a listener of their own only.
# tags: sanitized
. tests/lib/lib.sh
need curl sqlite3 python3

# metric NAME - its value
metrics() { curl -s -m "$PATIENCE" "$metrics_url/metrics" "$@"; }
metric() { metrics | sed -n "s/^livescore_${1//[\/]/.} //p"; }
# is_metric NAME VALUE
is_metric() { [ "$(metric "$1")" = "$2" ]; }
serve_metrics() {
    serve --metrics 127.0.0.1:0 "$@" && metrics_url=$(sed -n 's/.*metrics on \(http:[^ ]*\)\/$/\1/p' "$scratch/service.log")
}

make_db
sql "INSERT INTO match_events(match_id, data) SELECT 'm1', json_object('n', value) FROM generate_series(1, 10); DELETE FROM match_events WHERE id <= 5"
serve_metrics --max-connections 32 --max-per-client 24 --heartbeat 1h || exit # none whose bytes a client leaves unread
eventually has_children "$service" 1

first=$(curl -s -o "$scratch/body" -w '%{http_code} %{size_header} %{size_download}' "$url/metrics")
like "$first $(cat "$scratch/body")" '^404 .*the paths are /, /livescore' 'where clients connect, /metrics is an unknown path'
read -r _ head body <<<"$first"
for path in / /livescore /healthz /board.css; do
    is "$(curl -s -o "$scratch/body" -w '%{http_code}' "$metrics_url$path")" 404 "the listener of metrics does not serve $path"
done
like "$(metrics -i)" 'Content-Type: text/plain; version=0.0.4; charset=utf-8' 'metrics are Prometheus text of version 0.0.4'
like "$(metrics -i -H 'Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1')" \
    'Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8' 'a client that prefers OpenMetrics gets it'
is "$(metrics -H 'Accept: application/openmetrics-text' | tail -n 1)" '# EOF' 'OpenMetrics text has an end'
is "$(metrics -H 'Accept: application/openmetrics-text' | grep -E '^# TYPE livescore_(rows|connections)(_sent)?(_total)? ')" '# TYPE livescore_connections gauge
# TYPE livescore_connections_total unknown
# TYPE livescore_rows_sent counter' 'in OpenMetrics, the family of a counter has no _total, unless it would have the name of another metric'
is_metric connections_total 1; ok $? 'requests for metrics do not count as connections'

python3 tests/lib/counting.py "$port" "${metrics_url##*:}" "$db" "$service" >"$scratch/counted"; ok $? 'a crowd comes to its end'
is "$(grep ^full "$scratch/counted")" 'full 32 True' 'when the service is full, and even refuses without an answer, metrics are still served'
# The first request of this test was not the crowd's.
while read -r name value; do
    case $name in
    full) continue ;;
    connections_total | *'route="other",code="404"'*) value=$((value + 1)) ;;
    sent_bytes_total) value=$((value + head + body)) ;;
    esac
    eventually is_metric "$name" "$value" || diag "$(metric "$name") is not $value"
    is "$(metric "$name")" "$value" "$name equals what the clients counted"
done <"$scratch/counted"
is "$(metrics | grep -c '^livescore_responses_total')" "$(grep -c '^responses_total' "$scratch/counted")" 'no other response is counted'
eventually is_metric connections 0; ok $? 'connections is 0 after the last client'
like "$(metric publish_delay_seconds_count)" '^[1-9]' 'delays from commits to the ring are counted'
like "$(metric send_delay_seconds_count)" '^[1-9]' 'delays from the ring to sockets are counted'
is "$(metric 'send_delay_seconds_bucket{le="+Inf"}')" "$(metric send_delay_seconds_count)" 'the last bucket of a histogram has all'
is "$(metrics | sed -n 's/^livescore_send_delay_seconds_bucket.* //p' | sort -nc 2>&1)" '' 'the buckets of a histogram are cumulative'
is "$(metric log_rows) $(metric log_last_id) $(metric database_bytes)" "$(sql "SELECT count(*), max(id), page_count * page_size FROM match_events, pragma_page_count, pragma_page_size" | tr '|' ' ')" 'the rows, the newest id and the size are the database'"'"'s'
is "$(metric wal_bytes)" "$(stat -c %s "$db-wal")" 'wal_bytes is the size of the -wal'

# The poller.
is "$(metric poller_restarts_total)" 0 'a poller that was not killed has no restarts'
poller=$(feeder -d "$db" status --json | grep -oE '"poller":[0-9]+' | cut -d : -f 2)
kill -9 "$poller"
eventually is_metric poller_restarts_total 1; ok $? 'a poller that was killed is a restart'
alive() { [[ $(metric poller_alive_seconds) == 0.* ]]; }
eventually alive; ok $? 'poller_alive_seconds is short again after a restart'
is "$(feeder -d "$db" status --metrics | grep poller_restarts)" "$(metrics | grep poller_restarts)" 'feeder status --metrics has the restarts, too'
same() { [ "$(feeder -d "$db" status --metrics | grep -vE 'alive|connections')" = "$(metrics | grep -F "$(feeder -d "$db" status --metrics | grep -vE 'alive|connections')")" ]; }
eventually same; ok $? 'feeder status --metrics has the text of the service'
is "$(metrics | grep '^#' | sort | uniq -d)" '' 'each metric is described once'
is "$(metrics | grep -cE '^livescore_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+$') of $(metrics | grep -vc '^#')" \
    "$(metrics | grep -vc '^#') of $(metrics | grep -vc '^#')" 'each sample is a name, labels and a number'
is "$(metrics | sed -n 's/^# TYPE livescore_\([a-z_]*\) .*/\1/p'; echo replica_lag_seconds)" "$(grep -oE "^    \([0-9]+, '[a-z_]+'" sql/base/metrics.sql | cut -d "'" -f 2)" \
    'every metric of metrics.sql is served'
is "$(sed -n '/^\.Sh METRICS/,/^\.Sh FILES/p' src/man/livescore-metrics.7 | grep '^\.It Li' | grep -oE '[a-z]+(_[a-z]+)+|matches|connections' | sort -u)" \
    "$(grep -oE "^    \([0-9]+, '[a-z_]+'" sql/base/metrics.sql | cut -d "'" -f 2 | cat - <(sed -n 's/.*record: livescore_//p' systemd/examples/prometheus-rules.yml) | sort -u)" 'livescore-metrics(7) describes each metric, and no other'

# Without the database; on a Unix socket; behind a proxy.
mv "$db" "$db.away"
gone() { [ -z "$(metric log_rows)" ] && [ -n "$(metric connections_total)" ]; }
eventually gone; ok $? 'without the database, the counters are still served'
mv "$db.away" "$db"
stream untold "$url/livescore?heartbeat=event"
eventually shows untold '"now":[0-9]*}'; ok $? 'heartbeats have no number of clients without --show-viewers'
stop_service
serve --metrics "$scratch/metrics.sock" --proxy-protocol --show-viewers || exit
curl -sN --haproxy-protocol -o "$scratch/told" "$url/livescore?heartbeat=event" &
started+=($!)
eventually shows told '"now":[0-9]*,"viewers":1}'; ok $? 'with --show-viewers, heartbeats have the number of connected clients'
kill $!
no_client() { curl -s --unix-socket "$scratch/metrics.sock" http://localhost/metrics | grep -q 'livescore_connections 0'; }
eventually no_client
like "$(curl -s --unix-socket "$scratch/metrics.sock" http://localhost/metrics)" 'livescore_connections 0' 'a Unix socket serves metrics, without a PROXY header'
stop_service
[ ! -e "$scratch/metrics.sock" ]; ok $? 'the file of that socket is removed at the end'
like "$(livescore -d "$db" -l "$scratch/live.sock" --metrics 127.0.0.1:x 2>&1; echo $?)" '--metrics 127.0.0.1:x: expected .*64$' 'a wrong address of --metrics is a usage error'

# Under systemd, with a reload.
NOTIFY_SOCKET=$scratch/none LISTEN_FDNAMES=live:metrics given listen2 "$bin/livescore" -d "$db"
metrics_url=http://127.0.0.1:$port2
stream old "$url/livescore?after=latest"
eventually shows old '^id: '
kill -HUP "$service"
eventually grep -q reloaded: "$scratch/service.log"
is_metric connections_total 1; ok $? 'after a reload, counters go on from what they were'
message m2 1 0
eventually is_metric rows_sent_total 1; ok $? 'after a reload, the rows of earlier viewers are counted'
is "$(metric connections)" 1 'after a reload, earlier viewers are connected'
stop_service
no_crash
done_testing
