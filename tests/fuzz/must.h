/*
 * What the fuzz targets share: a claim that ends the run with its text and place
 * when it does not hold.  (assert would be gone with -DNDEBUG.)
 */
#ifndef FUZZ_MUST_H
#define FUZZ_MUST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define must(claim)                                                                            \
    do {                                                                                       \
        if (!(claim)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);         \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
