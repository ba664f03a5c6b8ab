/*
 * Inserts or voids one event: its row and the resulting state of its match, in one transaction
 * that also reads the state before it.  So if many processes add goals to a match at once, each
 * goal counts.
 */
#pragma once

#include <stdint.h>

#include "base/sqlite/db.h"

/* C strings in UTF-8, owned by the caller. */
struct event {
    const char *match, *type;
    const char *data; /* JSON */
};

/* *id becomes the row's id.  Returns 0, or -1 with db->failure and nothing written.  The
 * sentence about a bad event begins with MATCH, JSON, or the column that refuses it. */
int event_insert(struct db *db, const struct event *event, int64_t *id);

/* Inserts an event that voids the row `voids`.  The same, but the sentence begins with ID. */
int event_void(struct db *db, int64_t voids, int64_t *id);
