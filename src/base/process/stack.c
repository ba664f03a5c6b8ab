/* Forgets the contents of the stack below a frame. */
#include "base/process/stack.h"

#include <stdint.h>
#include <sys/mman.h>

__attribute__((noinline)) void stack_release(size_t keep)
{
    uintptr_t end = (uintptr_t)__builtin_frame_address(0) - keep;

    madvise((void *)(end / STACK_PAGE * STACK_PAGE - STACK_DEPTH), STACK_DEPTH, MADV_DONTNEED);
}
