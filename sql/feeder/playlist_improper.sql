-- The improper update ?1: its text, and its name: place, teams and day; if these are unknown, its
-- number among those that the format ?2 has made.
SELECT data, iif(place IS NULL AND name IS NULL, format('update %d made by %s', ?1, ?2),
                 coalesce(place || ': ' || name, place, name))
FROM (SELECT data, place,
             CASE WHEN json_valid(data)
                  THEN (data ->> '$.home_team') || ' - ' || (data ->> '$.away_team') || ' on '
                       || coalesce(date(kickoff, 'unixepoch'), date(substr(data ->> '$.starts_at', 1, 10))) END AS name
      FROM playlist
      WHERE number = ?1);
