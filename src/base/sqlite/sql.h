/* The statements that both programs run, each described in its file. */
#include "base/embed.h"

EMBED(sql_identity, "sql/base/identity.sql")
EMBED(sql_json_is_safe, "sql/base/json_is_safe.sql")
EMBED(sql_reader, "sql/base/reader.sql")
EMBED(sql_begin_read, "sql/base/begin_read.sql")
EMBED(sql_begin_write, "sql/base/begin_write.sql")
EMBED(sql_data_version, "sql/base/data_version.sql")
EMBED(sql_commit, "sql/base/commit.sql")
EMBED(sql_rollback, "sql/base/rollback.sql")
EMBED(sql_private, "sql/base/private.sql")
EMBED(sql_facts, "sql/base/facts.sql")
EMBED(sql_metrics, "sql/base/metrics.sql")
EMBED(sql_scratch, "sql/base/scratch.sql")
