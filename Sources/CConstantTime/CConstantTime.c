// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include "CConstantTime.h"

int renclave_equal(const uint8_t *one, const uint8_t *other, size_t count) {
    // volatile keeps the optimiser from leaving the loop at the first difference.
    volatile uint8_t difference = 0;
    for (size_t index = 0; index < count; index++) {
        difference = (uint8_t)(difference | (one[index] ^ other[index]));
    }
    // 0 only for 0: subtracting one borrows into bit 8.
    return (int)((((uint32_t)difference - 1) >> 8) & 1);
}
