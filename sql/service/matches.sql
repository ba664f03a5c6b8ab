-- The scoreboard: the 1000 most recently updated matches, as the parts of a JSON object; and the id of the
-- newest row, which is the cursor to follow it with.
SELECT '{"matches":[', NULL
UNION ALL
SELECT *
FROM (SELECT iif(message_id = (SELECT max(message_id) FROM matches), '', ',')
             || json_object('match_id', match_id, 'home_team', substr(home_team, 1, 200),
                            'away_team', substr(away_team, 1, 200),
                            'score', json_object('home', home_score, 'away', away_score),
                            'time', substr(clock, 1, 200), 'status', substr(status, 1, 200),
                            'state', state,
                            'message_id', message_id, 'updated_at', updated_at), NULL
      FROM matches CROSS JOIN match_states USING (match_id)
      ORDER BY message_id DESC
      LIMIT 1000)
UNION ALL
SELECT '],"last_id":' || last_id || '}', last_id FROM (SELECT ifnull(max(id), 0) AS last_id FROM match_events);
