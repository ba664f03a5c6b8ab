/*
 * One event that a person puts in, or takes back: its row, and the state of its
 * match with it, in one transaction that reads that state itself.  So of many that
 * add goals to a match at once, each adds its own.
 */
#ifndef FEEDER_EVENT_H
#define FEEDER_EVENT_H

#include <stdint.h>

#include "base/db.h"
#include "feeder/store/import.h"

#define EVENT_ERROR_MAX (IMPORT_ERROR_MAX + 64)

/* C strings in UTF-8; the caller's. */
struct event {
    const char *match, *type;
    const char *data; /* JSON */
};

/*
 *  EVENT_DONE    it is in, and *id is that of its row
 *  EVENT_BAD     error says what is wrong with it, and begins with where: MATCH, TYPE, JSON,
 *                or ID; nothing is written
 *  EVENT_FAILED  the database can't take it: see db->error; nothing is written
 */
enum event_result { EVENT_DONE, EVENT_BAD, EVENT_FAILED };

enum event_result event_insert(struct db *db, const struct event *event, int64_t *id,
                               char error[EVENT_ERROR_MAX]);

/* Inserts the event that takes the row `voids` back. */
enum event_result event_void(struct db *db, int64_t voids, int64_t *id,
                             char error[EVENT_ERROR_MAX]);

#endif
