// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors
//
// Operations on secrets whose time and memory accesses depend on lengths alone. They are in C because Swift promises
// nothing of the kind; scripts/check-constant-time.sh runs them under valgrind with the secrets marked undefined.

#ifndef RENCLAVE_CCONSTANTTIME_H
#define RENCLAVE_CCONSTANTTIME_H

#include <stddef.h>
#include <stdint.h>

/// 1 where the two arrays of `count` bytes are equal, else 0.
int renclave_equal(const uint8_t *one, const uint8_t *other, size_t count);

#endif
