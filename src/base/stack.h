/* Stack that a process will not need again soon. */
#ifndef BASE_STACK_H
#define BASE_STACK_H

#include <stddef.h>

#define STACK_PAGE  4096        /* where pages are larger, nothing is given back */
#define STACK_DEPTH (64 * 1024) /* deeper than calls go: whole pages */

/* Returns the pages below the caller's frame to the system, but for the first `keep` bytes. */
void stack_release(size_t keep);

#endif
