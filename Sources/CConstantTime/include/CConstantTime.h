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

// The field of 256 elements modulo x^8 + x^4 + x^3 + x + 1, and sharing over it. Shares lie one after the other,
// `shareBytes` each (at least 2): x, which is public, then a value for each byte of the secret. There are at most 255.

/// The product.
uint8_t renclave_gf256_multiply(uint8_t one, uint8_t other);

/// The inverse, and 0 for 0.
uint8_t renclave_gf256_invert(uint8_t value);

/// A step of Horner's rule for every share: `count` of its values from `column` on become themselves times x, plus
/// `row`. Coefficients from the highest power down, and the secret last, make shares of values that were 0.
void renclave_gf256_absorb(uint8_t *shares, size_t shareBytes, size_t shareCount, size_t column, const uint8_t *row,
                           size_t count);

/// The weight of each share: the inverse of the product of its distances from all others. Every x occurs once.
void renclave_gf256_weigh(uint8_t *weights, const uint8_t *shares, size_t shareBytes, size_t shareCount);

/// The `shareBytes` - 1 values at `point`, which is the x of no share, of the polynomials through these shares.
void renclave_gf256_interpolate(uint8_t *values, const uint8_t *shares, size_t shareBytes, size_t shareCount,
                                const uint8_t *weights, uint8_t point);

/// 1 where the polynomials through these shares pass through `share` too, whose x is none of theirs, else 0.
int renclave_gf256_passes_through(const uint8_t *shares, size_t shareBytes, size_t shareCount, const uint8_t *weights,
                                  const uint8_t *share);

#endif
