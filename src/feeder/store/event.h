/*
 * One event that a person inserts, or takes back: its row, and the state of its match with it,
 * in one transaction that reads that state itself.  So of many that add goals to a match at
 * once, each adds its own.
 */
#ifndef FEEDER_EVENT_H
#define FEEDER_EVENT_H

#include <stdint.h>

#include "base/db.h"

/* C strings in UTF-8; the caller's. */
struct event {
    const char *match, *type;
    const char *data; /* JSON */
};

/* *id becomes that of its row.  Returns 0, or -1 with db->failure, and nothing is written; of
 * an event that is wrong it begins with where: MATCH, JSON, or the column that refuses it. */
int event_insert(struct db *db, const struct event *event, int64_t *id);

/* Inserts the event that takes the row `voids` back.  The same; it begins with ID. */
int event_void(struct db *db, int64_t voids, int64_t *id);

#endif
