-- /matches?day= and /matches?match=: one JSON object.  NULL, and a sentence: no such day.
--
--   @self   the request's other parameters, to write the address of the next page
SELECT CASE WHEN span.day IS NOT NULL THEN json_object(
           'day', span.day, 'today', date('now', 'localtime'), 'zone', replace(ifnull(:zone, 'UTC'), ' ', '+'),
           'dated', json(iif(dated, 'true', 'false')),
           'days', (SELECT json_group_array(json_object('day', day, 'matches', n))
                    FROM (SELECT day, count(*) AS n FROM near WHERE day BETWEEN first AND last GROUP BY day ORDER BY day)),
           'before', iif(before GLOB '*Z', date(before, 'localtime'), substr(before, 1, 10)),
           'after', iif(after GLOB '*Z', date(after, 'localtime'), substr(after, 1, 10)),
           'counts', json_object('all', n, 'live', live, 'upcoming', upcoming, 'finished', finished,
                                 'off', n - live - upcoming - finished),
           'competitions', json(competitions), 'matches', json(matches), 'last_id', last_id,
           'next', iif(n > skip + @rows, '?offset=' || (skip + @rows) || @self, NULL))
            WHEN :match IS NOT NULL THEN json_object('matches', json(matches), 'last_id', last_id) END,
       iif(span.day IS NULL AND :match IS NULL, 'day is a date such as 2026-11-27, or today', last_id)
FROM (SELECT json_group_array(json_patch('{}', json_object(        -- without what is NULL
                 'match_id', match_id, 'home_team', home_team, 'away_team', away_team,
                 'score', json_object('home', home_score, 'away', away_score),
                 'time', clock, 'status', status, 'state', state,
                 'competition', competition, 'season', season, 'round', round, 'group', group_name, 'leg', leg,
                 'venue', venue, 'starts_at', starts_at, 'local_time', local_time,
                 'half_time', iif(half_time IS NULL, NULL, json_object('home', half_time ->> '$.home', 'away', half_time ->> '$.away')),
                 'shootout', iif(shootout IS NULL, NULL, json_object('home', shootout ->> '$.home', 'away', shootout ->> '$.away')),
                 'aggregate', iif(aggregate IS NULL, NULL, json_object('home', aggregate ->> '$.home', 'away', aggregate ->> '$.away')),
                 'red_cards', iif(home_reds + away_reds > 0, json_object('home', home_reds, 'away', away_reds), NULL),
                 'lineups', iif(:match IS NOT NULL AND json_type(message, '$.lineups') = 'object', json(message -> '$.lineups'), NULL),
                 'statistics', iif(:match IS NOT NULL AND json_type(message, '$.statistics') = 'object',
                                   json(message -> '$.statistics'), NULL),
                 'message_id', message_id, 'updated_at', updated_at))) AS matches
      FROM fixture),
     (SELECT json_group_array(json_object('competition', substr(competition, 1, 200), 'matches', n, 'live', live)) AS competitions,
             CAST(total(n) AS INTEGER) AS n, CAST(total(live) AS INTEGER) AS live, CAST(total(upcoming) AS INTEGER) AS upcoming, CAST(total(finished) AS INTEGER) AS finished
      FROM (SELECT competition, count(*) AS n, sum(state = 'live') AS live, sum(state = 'upcoming') AS upcoming,
                   sum(state = 'finished') AS finished
            FROM listed GROUP BY competition ORDER BY competition IS NULL, competition)),
     (SELECT ifnull(max(id), 0) AS last_id FROM match_events),
     span,
     (SELECT max(at) AS before FROM kickoff WHERE at < (SELECT low FROM span)),
     (SELECT min(at) AS after FROM kickoff WHERE at >= (SELECT high FROM span));
