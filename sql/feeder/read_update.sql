-- What does the update ?1 say?  Its match; the message that it becomes (?2: it is minified
-- already); how many events it has (or NULL), whose rows go before that message; and whether
-- its status, and its score, differ from the match's last ones.  No row, or an error: it is
-- not a proper update, and explain_update.sql says why.  The table's CHECK tests match_id,
-- except for a NUL, which ends SQLite's texts.
SELECT ?1 ->> '$.match_id',
       iif(?2, ?1, json(?1)),
       json_array_length(?1, '$.events'),
       (SELECT status FROM matches WHERE match_id = ?1 ->> '$.match_id') IS NOT ?1 ->> '$.status',
       (SELECT home_score <> ?1 ->> '$.score.home' OR away_score <> ?1 ->> '$.score.away'
        FROM matches WHERE match_id = ?1 ->> '$.match_id')
WHERE json_valid(?1)
      AND json_type(?1, '$.match_id') = 'text'
      AND (instr(?1, '\u0000') = 0 OR instr(?1 -> '$.match_id', '\u0000') = 0)
      AND json_type(?1, '$.home_team') = 'text' AND ?1 ->> '$.home_team' <> ''
      AND json_type(?1, '$.away_team') = 'text' AND ?1 ->> '$.away_team' <> ''
      AND json_type(?1, '$.score.home') = 'integer'
      AND ?1 ->> '$.score.home' BETWEEN 0 AND 999999999999999
      AND json_type(?1, '$.score.away') = 'integer'
      AND ?1 ->> '$.score.away' BETWEEN 0 AND 999999999999999
      AND json_type(?1, '$.time') = 'text'
      AND json_type(?1, '$.status') = 'text'
      AND ifnull(json_type(?1, '$.events'), 'array') = 'array'
      AND (?1 ->> '$.starts_at' IS NULL
           OR (?1 ->> '$.starts_at' GLOB '????-??-??T??:??*'
               AND (?1 ->> '$.starts_at' GLOB '*[0-9]Z' OR ?1 ->> '$.starts_at' GLOB '*[+-][0-9][0-9]:[0-9][0-9]')
               AND date(substr(?1 ->> '$.starts_at', 1, 10), '+0 days') = substr(?1 ->> '$.starts_at', 1, 10)
               AND julianday(?1 ->> '$.starts_at') IS NOT NULL))
      AND (?1 ->> '$.local_time' IS NULL
           OR (?1 ->> '$.local_time' GLOB '????-??-??*'
               AND date(substr(?1 ->> '$.local_time', 1, 10), '+0 days') = substr(?1 ->> '$.local_time', 1, 10)
               AND strftime('%Y-%m-%d %H:%M', ?1 ->> '$.local_time') IN (?1 ->> '$.local_time',
                                                                       (?1 ->> '$.local_time') || ' 00:00')))
      AND ifnull(json_type(?1, '$.leg'), 'null') IN ('integer', 'null');
