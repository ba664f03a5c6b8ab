-- The event that takes the row ?1 back: its match, and its data, which repeat those of the
-- row.
SELECT match_id,
       json_patch('{}', json_object('voids', id, 'voided', type, 'time', data -> '$.time',
                                    'team', data -> '$.team', 'player', data -> '$.player'))
FROM match_events
WHERE id = ?1;
