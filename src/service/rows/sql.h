/* The statements that the service runs, each described in its file. */
#include "base/embed.h"

EMBED(sql_state, "sql/service/state.sql")
EMBED(sql_health, "sql/service/health.sql")
EMBED(sql_rows, "sql/service/rows.sql")
EMBED(sql_rows_brief, "sql/service/rows_brief.sql")
EMBED(sql_rows_of_match, "sql/service/rows_of_match.sql")
EMBED(sql_rows_of_matches, "sql/service/rows_of_matches.sql")
EMBED(sql_rows_of_types, "sql/service/rows_of_types.sql")
EMBED(sql_row, "sql/service/row.sql")
EMBED(sql_last, "sql/service/last.sql")
EMBED(sql_since, "sql/service/since.sql")
EMBED(sql_snapshot_floor, "sql/service/snapshot_floor.sql")
EMBED(sql_snapshot, "sql/service/snapshot.sql")
EMBED(sql_snapshot_of_matches, "sql/service/snapshot_of_matches.sql")
EMBED(sql_matches, "sql/service/matches.sql")
EMBED_BOTH(sql_day, "sql/service/fixtures.sql", "sql/service/day.sql")
EMBED(sql_scoreboard, "sql/service/scoreboard.sql")
