-- The scoreboard: the ?1 most recently updated matches, one JSON object each; and the id of
-- the newest row, which is the cursor to follow it with.
SELECT json_object('match_id', match_id, 'home_team', substr(home_team, 1, 200),
                   'away_team', substr(away_team, 1, 200),
                   'score', json_object('home', home_score, 'away', away_score),
                   'time', substr(clock, 1, 200), 'status', substr(status, 1, 200),
                   'state', (SELECT state FROM match_states WHERE match_states.match_id = matches.match_id),
                   'message_id', message_id, 'updated_at', updated_at),
       (SELECT max(id) FROM match_events)
FROM matches
ORDER BY message_id DESC
LIMIT ?1;
