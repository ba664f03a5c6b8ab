/*
 * A mapping of a file that anybody may cut short: what is then behind its end raises
 * SIGBUS when it is touched.  A process guards one mapping at a time.
 */
#ifndef SERVICE_GUARD_H
#define SERVICE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

/* From now on zeros appear, for this process alone, in place of pages that are gone.  Takes
 * the signal SIGBUS; one from anywhere else ends the process as before. */
void guard_begin(void *mapping, size_t size);

/* Before the mapping is unmapped. */
void guard_end(void);

/* Whether a page was gone since guard_begin: what is written to it now, nobody sees. */
bool guard_torn(void);

#endif
