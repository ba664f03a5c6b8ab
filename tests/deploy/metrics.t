#!/bin/bash
# What Prometheus makes of the metrics: promtool, a strict parser of OpenMetrics, alerts, a dashboard.
# tags: once packages
. tests/lib/lib.sh
. tests/lib/packages.sh
need curl python3 jq
unpack prometheus python3-prometheus-client

feeder -q -d "$db" load tests/data/matches.json
serve --metrics 127.0.0.1:0 || exit
metrics_url=$(sed -n 's/.*metrics on \(http:.*\)\/$/\1\/metrics/p' "$scratch/service.log")
stream s "$url/livescore"
stream t "$url/livescore?after=99999"
eventually shows s '^id: 243'
eventually shows t '^event: reset'
message m9 1 0
eventually shows s '^id: 244'

is "$(curl -s "$metrics_url" | promtool check metrics 2>&1)" '' 'promtool finds nothing wrong with the metrics of a listener'
is "$(feeder -d "$db" status --metrics | promtool check metrics 2>&1)" '' 'promtool finds nothing wrong with those of feeder status --metrics'
is "$(curl -s -H 'Accept: application/openmetrics-text' "$metrics_url" | python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(*(f.name for f in text_string_to_metric_families(sys.stdin.read())), sep="\n")' 2>&1)" \
    "$(curl -s "$metrics_url" | sed -n 's/^# TYPE \(livescore_connections_total\).*/\1/p; t; s/^# TYPE \(livescore_[a-z_]*\)_total .*/\1/p; t; s/^# TYPE \(livescore_[a-z_]*\) .*/\1/p')" \
    'a strict parser of OpenMetrics reads the same metrics'

rules=systemd/examples/prometheus-rules.yml
promtool check rules "$rules" >"$scratch/rules" 2>&1; ok $? 'promtool finds nothing wrong with the alerts' || diag "$(cat "$scratch/rules")"
sed "s|RULES|$PWD/$rules|" tests/fixtures/deploy/prometheus-rules-test.yml >"$scratch/test.yml"
promtool test rules "$scratch/test.yml" >"$scratch/rules" 2>&1; ok $? 'alerts are raised when a poller hangs or is missing and when rows are late, and not before' || diag "$(cat "$scratch/rules")"

# names FILE - the metrics that it uses
names() { grep -oE 'livescore_[a-z_]+' "$1" | grep -vE '^livescore_(prom|exporter)$' | sed -E 's/_(bucket|sum|count)$//' | sort -u; }
{ sed -nE "s/^    \([0-9]+, '([a-z_]+)'.*/livescore_\1/p" sql/base/metrics.sql; sed -n 's/.*record: //p' "$rules"; } | sort >"$scratch/known"
for file in "$rules" systemd/examples/grafana.json; do
    is "$(names "$file" | comm -23 - "$scratch/known")" '' "each metric in $file exists"
done
is "$(names systemd/examples/grafana.json)" "$(cat "$scratch/known")" 'the dashboard shows each metric'
is "$(jq -r '.panels[] | .gridPos | select(.x + .w > 24) | "too wide"' systemd/examples/grafana.json)" '' 'the dashboard is JSON, and its panels fit side by side'
jq -r '.panels[].targets[].expr' systemd/examples/grafana.json | sed 's/\$__rate_interval/5m/; s/\$instance/.*/' |
    jq -Rs '{groups: [{name: "dashboard", rules: [split("\n")[] | select(. != "") | {record: "x", expr: .}]}]}' >"$scratch/dashboard.yml"
promtool check rules --lint=none "$scratch/dashboard.yml" >"$scratch/rules" 2>&1; ok $? 'promtool finds nothing wrong with the expressions of the dashboard' || diag "$(cat "$scratch/rules")"
no_crash
done_testing
