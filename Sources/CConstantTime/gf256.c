// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include <string.h>

#include "CConstantTime.h"

// Eight field elements lie in a word, and nothing carries from one to the next. There is no table and no branch on an
// element: a bit becomes a mask.

enum { wordBytes = 8, blockWords = 4, blockBytes = wordBytes * blockWords, maximumShares = 255 };

/// One word of this holds 1 in each of its eight lanes.
static const uint64_t ones = 0x0101010101010101;

/// Four words are as many as a seed needs; that they do not wait for each other is what makes them fast.
typedef struct {
    uint64_t words[blockWords];
} block;

// MARK: Words of eight elements

/// A lane of ones for each lane that holds 1, of zeros for each that holds 0. The product with 255 is the same, but of
/// products the compiler makes no vectors.
static inline uint64_t mask(uint64_t bits) {
    return (bits << 8) - bits;
}

static inline uint64_t twice(uint64_t value) {
    uint64_t carries = (value >> 7) & ones;
    return ((value & (ones * 0x7f)) << 1) ^ (mask(carries) & (ones * 0x1b));
}

static inline uint64_t product(uint64_t one, uint64_t other) {
    uint64_t sum = 0;
    for (int bit = 0; bit < 8; bit++) {
        sum ^= one & mask((other >> bit) & ones);
        one = twice(one);
    }
    return sum;
}

/// The power 254, which is the inverse, and 0 for 0.
static inline uint64_t inverse(uint64_t value) {
    uint64_t power2 = product(value, value);
    uint64_t power3 = product(power2, value);
    uint64_t power6 = product(power3, power3);
    uint64_t power12 = product(power6, power6);
    uint64_t power = product(power12, power3);
    for (int squaring = 0; squaring < 4; squaring++) {
        power = product(power, power);
    }
    return product(product(power, power12), power2);
}

/// Up to eight bytes; what is missing is 0. `count` may be more than eight.
static inline uint64_t load_word(const uint8_t *bytes, size_t count) {
    uint64_t word = 0;
    if (count >= wordBytes) {
        memcpy(&word, bytes, wordBytes);
        return word;
    }
    for (size_t index = 0; index < count; index++) {
        word |= (uint64_t)bytes[index] << (8 * index);
    }
    return word;
}

static inline void store_word(uint8_t *bytes, uint64_t word, size_t count) {
    if (count >= wordBytes) {
        memcpy(bytes, &word, wordBytes);
        return;
    }
    for (size_t index = 0; index < count; index++) {
        bytes[index] = (uint8_t)(word >> (8 * index));
    }
}

// MARK: Blocks of four words

/// How many of `count` bytes are left for a word of a block and the words after it.
static inline size_t left(size_t count, size_t word) {
    return count > word * wordBytes ? count - word * wordBytes : 0;
}

static inline block load(const uint8_t *bytes, size_t count) {
    block loaded;
    for (size_t word = 0; word < blockWords; word++) {
        loaded.words[word] = left(count, word) > 0 ? load_word(bytes + word * wordBytes, left(count, word)) : 0;
    }
    return loaded;
}

static inline void store(uint8_t *bytes, block stored, size_t count) {
    for (size_t word = 0; word < blockWords; word++) {
        if (left(count, word) > 0) {
            store_word(bytes + word * wordBytes, stored.words[word], left(count, word));
        }
    }
}

/// `value` times `factor`, plus `addend`.
static inline block scale_and_add(block value, uint8_t factor, block addend) {
    for (size_t word = 0; word < blockWords; word++) {
        addend.words[word] ^= product(value.words[word], ones * factor);
    }
    return addend;
}

// MARK: The stack

/// Overwrites the stack below the caller, where the work that it had done left parts of shares and secrets.
static __attribute__((noinline)) void wipe_stack(void) {
    // The blocks of one call take some hundred bytes, the factors of an interpolation 255 more.
    uint8_t below[2048];
    explicit_bzero(below, sizeof below);
}

// MARK: Elements

uint8_t renclave_gf256_multiply(uint8_t one, uint8_t other) {
    return (uint8_t)product(one, other);
}

uint8_t renclave_gf256_invert(uint8_t value) {
    return (uint8_t)inverse(value);
}

// MARK: Splitting

static inline void absorb_block(uint8_t *values, const uint8_t *shares, size_t shareBytes, size_t shareCount,
                                const uint8_t *row, size_t count) {
    block addend = load(row, count);
    for (size_t share = 0; share < shareCount; share++) {
        uint8_t *value = values + share * shareBytes;
        store(value, scale_and_add(load(value, count), shares[share * shareBytes], addend), count);
    }
}

static __attribute__((noinline)) void absorb_row(uint8_t *shares, size_t shareBytes, size_t shareCount, size_t column,
                                                 const uint8_t *row, size_t count) {
    uint8_t *values = shares + 1 + column;
    size_t start = 0;
    for (; count - start >= blockBytes; start += blockBytes) {
        absorb_block(values + start, shares, shareBytes, shareCount, row + start, blockBytes);
    }
    if (start < count) {
        absorb_block(values + start, shares, shareBytes, shareCount, row + start, count - start);
    }
}

void renclave_gf256_absorb(uint8_t *shares, size_t shareBytes, size_t shareCount, size_t column, const uint8_t *row,
                           size_t count) {
    absorb_row(shares, shareBytes, shareCount, column, row, count);
    wipe_stack();
}

// MARK: Interpolating

/// The x of up to eight shares from `first` on, plus `point`; a lane without a share holds 1.
static inline uint64_t distances(const uint8_t *shares, size_t shareBytes, size_t shareCount, size_t first,
                                 uint8_t point) {
    uint64_t word = 0;
    for (size_t lane = 0; lane < wordBytes; lane++) {
        size_t share = first + lane;
        uint8_t distance = share < shareCount ? (uint8_t)(shares[share * shareBytes] ^ point) : 1;
        word |= (uint64_t)distance << (8 * lane);
    }
    return word;
}

void renclave_gf256_weigh(uint8_t *weights, const uint8_t *shares, size_t shareBytes, size_t shareCount) {
    for (size_t first = 0; first < shareCount; first += wordBytes) {
        uint64_t denominators = ones;
        for (size_t other = 0; other < shareCount; other++) {
            uint64_t factors = distances(shares, shareBytes, shareCount, first, shares[other * shareBytes]);
            // A share is no factor of its own weight: its distance from itself, 0, becomes 1.
            if (other >= first && other - first < wordBytes) {
                factors |= (uint64_t)1 << (8 * (other - first));
            }
            denominators = product(denominators, factors);
        }
        uint64_t inverses = inverse(denominators);
        for (size_t lane = 0; lane < wordBytes && first + lane < shareCount; lane++) {
            weights[first + lane] = (uint8_t)(inverses >> (8 * lane));
        }
    }
}

/// Each weight over its share's distance from the point; the result is the product of all distances, by which a sum of
/// values times these factors is yet to be multiplied.
static uint8_t factors_at(uint8_t *factors, const uint8_t *shares, size_t shareBytes, size_t shareCount,
                          const uint8_t *weights, uint8_t point) {
    uint64_t products = ones;
    for (size_t first = 0; first < shareCount; first += wordBytes) {
        size_t lanes = shareCount - first;
        uint64_t distance = distances(shares, shareBytes, shareCount, first, point);
        uint64_t weight = 0;
        for (size_t lane = 0; lane < wordBytes && lane < lanes; lane++) {
            weight |= (uint64_t)weights[first + lane] << (8 * lane);
        }
        products = product(products, distance);
        uint64_t factor = product(weight, inverse(distance));
        for (size_t lane = 0; lane < wordBytes && lane < lanes; lane++) {
            factors[first + lane] = (uint8_t)(factor >> (8 * lane));
        }
    }
    products = product(products, products >> 32);
    products = product(products, products >> 16);
    return (uint8_t)product(products, products >> 8);
}

static inline block interpolated(const uint8_t *values, size_t shareBytes, size_t shareCount, const uint8_t *factors,
                                 uint8_t whole, size_t count) {
    const block zero = {{0}};
    block sum = zero;
    for (size_t share = 0; share < shareCount; share++) {
        sum = scale_and_add(load(values + share * shareBytes, count), factors[share], sum);
    }
    return scale_and_add(sum, whole, zero);
}

static __attribute__((noinline)) void interpolate_at(uint8_t *values, const uint8_t *shares, size_t shareBytes,
                                                     size_t shareCount, const uint8_t *weights, uint8_t point) {
    uint8_t factors[maximumShares];
    uint8_t whole = factors_at(factors, shares, shareBytes, shareCount, weights, point);
    size_t count = shareBytes - 1, start = 0;
    for (; count - start >= blockBytes; start += blockBytes) {
        block sum = interpolated(shares + 1 + start, shareBytes, shareCount, factors, whole, blockBytes);
        store(values + start, sum, blockBytes);
    }
    if (start < count) {
        block sum = interpolated(shares + 1 + start, shareBytes, shareCount, factors, whole, count - start);
        store(values + start, sum, count - start);
    }
}

void renclave_gf256_interpolate(uint8_t *values, const uint8_t *shares, size_t shareBytes, size_t shareCount,
                                const uint8_t *weights, uint8_t point) {
    interpolate_at(values, shares, shareBytes, shareCount, weights, point);
    wipe_stack();
}

static inline uint64_t difference(block one, block other) {
    uint64_t bits = 0;
    for (size_t word = 0; word < blockWords; word++) {
        bits |= one.words[word] ^ other.words[word];
    }
    return bits;
}

static __attribute__((noinline)) int passes(const uint8_t *shares, size_t shareBytes, size_t shareCount,
                                            const uint8_t *weights, const uint8_t *share) {
    uint8_t factors[maximumShares];
    uint8_t whole = factors_at(factors, shares, shareBytes, shareCount, weights, share[0]);
    size_t count = shareBytes - 1, start = 0;
    // volatile keeps the optimiser from leaving a loop at the first difference.
    volatile uint64_t bits = 0;
    for (; count - start >= blockBytes; start += blockBytes) {
        block sum = interpolated(shares + 1 + start, shareBytes, shareCount, factors, whole, blockBytes);
        bits = bits | difference(sum, load(share + 1 + start, blockBytes));
    }
    if (start < count) {
        block sum = interpolated(shares + 1 + start, shareBytes, shareCount, factors, whole, count - start);
        bits = bits | difference(sum, load(share + 1 + start, count - start));
    }
    uint64_t found = bits;
    // The top bit is set in a number or in its negative, but for 0.
    return (int)(((found | (0 - found)) >> 63) ^ 1);
}

int renclave_gf256_passes_through(const uint8_t *shares, size_t shareBytes, size_t shareCount, const uint8_t *weights,
                                  const uint8_t *share) {
    int verdict = passes(shares, shareBytes, shareCount, weights, share);
    wipe_stack();
    return verdict;
}
