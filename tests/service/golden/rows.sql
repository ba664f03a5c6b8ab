-- The log that the golden tests read.
INSERT INTO match_events(match_id, type, data, created_at) VALUES
    ('m1', 'kickoff', '{"match_id":"m1"}', '2025-06-10T20:00:00.000Z'),
    ('m1', 'message', '{"match_id":"m1","home_team":"Malmö FF","away_team":"IFK Göteborg","score":{"home":0,"away":0},"time":"00:00","status":"First Half","events":[]}', '2025-06-10T20:00:00.001Z'),
    ('m2', 'message', '{"match_id":"m2","home_team":"A","away_team":"B","score":{"home":2,"away":"?"},"status":"Full Time"}', '2025-06-10T20:00:01.000Z'),
    ('m1', 'goal', '{"match_id":"m1",
  "player":"Sören \"Ö\" Öst"
}', '2025-06-10T20:23:15.000Z'),
    ('m1', 'message', '{"match_id":"m1","home_team":"Malmö FF","away_team":"IFK Göteborg","score":{"home":1,"away":0},"time":"23:15","status":"First Half","events":[{"time":"23:15","type":"goal","team":"home","player":"Sören \"Ö\" Öst"}]}', '2025-06-10T20:23:15.001Z'),
    ('m2', 'x-other_1', '["of","any","kind",null]', '2025-06-10T20:30:00.000Z');
