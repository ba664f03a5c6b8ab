#!/bin/bash
# whole.sh - the final claims about the database, for the tests that kill, starve and crowd feeder.  Sourced
# after lib.sh.
# shellcheck shell=bash disable=SC2154 # $db is lib.sh's

# torn - how many updates are incomplete: an update is the rows of its events, maybe one for the status, those for
# goals that a lower score takes back, and its message, adjacent in the log and among its match's rows
torn() {
    sql "WITH part AS (
             SELECT *, lead(match_id) OVER (ORDER BY id) AS next_match,
                    count(*) FILTER (WHERE type = 'message') OVER (PARTITION BY match_id ORDER BY id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS part
             FROM match_events)
         SELECT (SELECT count(*) FROM part WHERE type <> 'message' AND next_match IS NOT match_id)
                + (SELECT count(*)
                   FROM (SELECT sum(type = 'message') AS messages, sum(type <> 'message' AND data ->> '\$.why' IS NULL) AS others,
                                max(CASE type WHEN 'message' THEN json_array_length(data, '\$.events') END) AS events
                         FROM part
                         WHERE part > 0 OR (SELECT value FROM meta WHERE key = 'pruned') = 0
                         GROUP BY match_id, part)
                   WHERE messages <> 1 OR others - events NOT IN (0, 1))"
}

# astray - how many matches of the projection differ from the log
astray() {
    sql "SELECT count(*)
         FROM (SELECT match_id, max(id) AS id, data FROM match_events WHERE type = 'message' GROUP BY match_id) AS last
              FULL JOIN matches ON matches.match_id = last.match_id
         WHERE NOT (message_id IS last.id AND message IS data AND home_score IS data ->> '\$.score.home'
                    AND away_score IS data ->> '\$.score.away' AND status IS data ->> '\$.status')
               AND NOT (last.id IS NULL AND message_id <= (SELECT value FROM meta WHERE key = 'pruned'))"
}

# is_whole NAME - both are 0, and SQLite and feeder check find nothing
is_whole() {
    is "$(sql 'PRAGMA integrity_check') $(torn) torn $(astray) astray $(feeder -q -d "$db" check 2>&1; echo $?)" \
        'ok 0 torn 0 astray 0' "$1"
}
