#!/bin/bash
# In schema 1, the id of an openfootball match was its row number: after feeder upgrade, matches keep these ids wherever
# the document has them; upgrade reports those that can't be identified.
# tags: sanitized
. tests/lib/lib.sh
need sqlite3 jq

sqlite3 -bail "$db" <tests/fixtures/schema/1.sql >/dev/null
# old NUMBER HOME AWAY STATUS STARTS [COMPETITION] - a message as a feeder of schema 1 wrote it
old() {
    sql "INSERT INTO match_events(match_id, data) VALUES ('cup-2026-$1', json_object('match_id', 'cup-2026-$1', 'home_team', '$2', 'away_team', '$3',
         'score', json('{\"home\":0,\"away\":0}'), 'time', '', 'status', '$4', 'events', json('[]'), 'competition', '${6:-Cup 2026}', 'starts_at', '$5'))"
}
old 1 Reds Blues 'Full Time' 2026-06-01T18:00:00Z
old 2 Greens Whites Scheduled 2026-06-02T18:00:00Z
old 3 W1 W2 Scheduled 2026-06-09T18:00:00Z
old 4 Pinks Greys 'Full Time' 2026-06-03T18:00:00Z
old 4 Browns Blacks 'Full Time' 2026-06-03T18:00:00Z
old 5 Twos Twice 'Full Time' 2026-06-04T18:00:00Z
old 6 Twos Twice 'Full Time' 2026-06-05T18:00:00Z
said=$(feeder -d "$db" upgrade 2>&1)
is $? 0 'a database with ids of rows is upgraded'
like "$said" "the log of 1 match is about several matches, such as that of cup-2026-4, whose id was the number of a row: 'DELETE FROM match_events WHERE match_id = 'cup-2026-4'; DELETE .*, and load the document again" \
    'upgrade reports matches that a moved row has mixed up, with the remedy'
like "$said" '1 pair of teams met more than once in a season, such as in cup-2026-5: ' 'upgrade reports matches of one season that have the same teams'
is "$(grep -c . <<<"$said")" 3 'upgrade prints exactly three lines'

# document - its matches are in another order, one is new, one was moved, and the teams of the last one are known
document='{"name": "Cup 2026", "matches": [
    {"num": 9, "date": "2026-06-09", "time": "18:00 UTC", "team1": "Reds", "team2": "Whites"},
    {"date": "2026-06-05", "time": "18:00 UTC", "team1": "New", "team2": "Ones"},
    {"date": "2026-06-20", "time": "18:00 UTC", "team1": "Greens", "team2": "Whites"},
    {"date": "2026-06-01", "time": "18:00 UTC", "team1": "Reds", "team2": "Blues", "score": {"ft": [1, 0]}}]}'
for time in first second; do
    feeder -q -d "$db" load - <<<"$document"
    is "$(sql "SELECT match_id, home_team, away_team, home_score, competition, season FROM matches WHERE season = '2026' ORDER BY match_id")" \
        'cup-2026-1|Reds|Blues|1|Cup|2026
cup-2026-2|Greens|Whites|0|Cup|2026
cup-2026-3|Reds|Whites|0|Cup|2026
cup-2026.new.ones|New|Ones|0|Cup|2026' "loaded the $time time: those that are there keep their ids, and a new one gets one of its own"
done
feeder -q -d "$db" load - < <(jq '.name = "Other Cup 2026" | .matches[0] |= del(.num)' <<<"$document")
is "$(sql "SELECT count(*) FROM matches WHERE competition = 'Other Cup' AND match_id LIKE 'other-cup-2026.%'")" 4 'a match of another competition gets its own id'
is "$(sql "SELECT data ->> '\$.match_id' FROM match_events WHERE match_id = 'cup-2026-1' ORDER BY id DESC LIMIT 1")" cup-2026-1 'the messages of a match that was known have its old id'
feeder -q -d "$db" load - <<<'{"name": "Cup 2026", "matches": [{"date": "2026-06-04", "team1": "Twos", "team2": "Twice"}]}'
is "$(sql "SELECT group_concat(match_id, ' ') FROM (SELECT match_id FROM matches WHERE home_team = 'Twos' ORDER BY match_id)")" \
    'cup-2026-5 cup-2026-6 cup-2026.twos.twice' 'a match that may be either of two old ones gets a new id'
done_testing
