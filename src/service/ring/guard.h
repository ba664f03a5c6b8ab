/*
 * Guards a mapping of a file that others may truncate.  Touching a page past the file's new end
 * raises SIGBUS.  A process guards one mapping at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* From now on, pages of zeros, private to this process, replace missing ones.  Takes over
 * SIGBUS; one raised elsewhere still ends the process. */
void guard_begin(void *mapping, size_t size);

/* Call before unmapping. */
void guard_end(void);

/* Whether a page was missing since guard_begin.  Other processes do not see what is written to
 * it. */
bool guard_torn(void);
