/* Stack that a process will not need again soon. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define STACK_PAGE  4096        /* where pages are larger, nothing is given back */
#define STACK_DEPTH (64 * 1024) /* deeper than calls go: whole pages */

/* Memory in the caller's frame, about as many bytes, from a page's boundary on: the frames
 * below begin on the page below. */
#define STACK_TAKE(bytes)                                                                      \
    __builtin_alloca((uintptr_t)__builtin_alloca(16) % STACK_PAGE + (bytes))

/* Returns the pages below the caller's frame to the system, but for the first `keep` bytes. */
void stack_release(size_t keep);
