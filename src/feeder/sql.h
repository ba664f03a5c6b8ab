/* The statements that feeder runs, each described in its file. */
#include "base/embed.h"

EMBED(sql_schema, "sql/schema.sql")
EMBED(sql_tune, "sql/feeder/tune.sql")
EMBED(sql_read_update, "sql/feeder/read_update.sql")
EMBED(sql_event_rows, "sql/feeder/event_rows.sql")
EMBED(sql_status_row, "sql/feeder/status_row.sql")
EMBED(sql_now, "sql/feeder/now.sql")
EMBED(sql_insert, "sql/feeder/insert.sql")
EMBED(sql_explain_update, "sql/feeder/explain_update.sql")
EMBED(sql_explain_json, "sql/feeder/explain_json.sql")
EMBED(sql_add, "sql/feeder/add.sql")
EMBED(sql_explain_event, "sql/feeder/explain_event.sql")
EMBED(sql_event_update, "sql/feeder/event_update.sql")
EMBED(sql_explain_voids, "sql/feeder/explain_voids.sql")
EMBED(sql_void, "sql/feeder/void.sql")
