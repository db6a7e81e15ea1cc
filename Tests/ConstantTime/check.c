// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors
//
// Runs the operations of CConstantTime with their secrets marked undefined: valgrind then reports every branch and
// every address that depends on one. With an argument it runs a comparison that does leave early, which must be
// reported.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "CConstantTime.h"

static int leaky_equal(const uint8_t *one, const uint8_t *other, size_t count) {
    for (size_t index = 0; index < count; index++) {
        if (one[index] != other[index]) {
            return 0;
        }
    }
    return 1;
}

static void fill(uint8_t *bytes, size_t count, uint8_t first) {
    for (size_t index = 0; index < count; index++) {
        bytes[index] = (uint8_t)(first + index * 7);
    }
}

/// The result alone may be known: the caller branches on it.
static int compare(int (*equal)(const uint8_t *, const uint8_t *, size_t), size_t count, int differAt) {
    uint8_t one[256], other[256];
    fill(one, count, 3);
    fill(other, count, 3);
    if (differAt >= 0) {
        other[differAt] ^= 0x80;
    }
    VALGRIND_MAKE_MEM_UNDEFINED(one, count);
    VALGRIND_MAKE_MEM_UNDEFINED(other, count);
    int result = equal(one, other, count);
    VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
    return result;
}

int main(int argc, char **argv) {
    (void)argv;
    int (*equal)(const uint8_t *, const uint8_t *, size_t) = argc > 1 ? leaky_equal : renclave_equal;
    int wrong = 0;
    for (size_t count = 1; count <= 256; count *= 2) {
        wrong += compare(equal, count, -1) != 1;
        wrong += compare(equal, count, 0) != 0;
        wrong += compare(equal, count, (int)count - 1) != 0;
    }
    wrong += equal((const uint8_t *)"", (const uint8_t *)"", 0) != 1;
    if (wrong != 0) {
        fprintf(stderr, "%d comparisons had the wrong result\n", wrong);
        return 3;
    }
    return 0;
}
