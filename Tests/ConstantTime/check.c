// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors
//
// Runs the operations of CConstantTime with their secrets marked undefined: valgrind then reports every branch and
// every address that depends on one. With the argument `comparison` or `product` it runs one that does leave early or
// does look into a table, which must be reported.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "CConstantTime.h"

typedef int (*comparison)(const uint8_t *, const uint8_t *, size_t);
typedef uint8_t (*multiplication)(uint8_t, uint8_t);

static void fill(uint8_t *bytes, size_t count, uint8_t first) {
    for (size_t index = 0; index < count; index++) {
        bytes[index] = (uint8_t)(first + index * 7);
    }
}

// MARK: Comparing

static int leaky_equal(const uint8_t *one, const uint8_t *other, size_t count) {
    for (size_t index = 0; index < count; index++) {
        if (one[index] != other[index]) {
            return 0;
        }
    }
    return 1;
}

/// The result alone may be known: the caller branches on it.
static int compare(comparison equal, size_t count, int differAt) {
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

static int wrong_comparisons(comparison equal) {
    int wrong = 0;
    for (size_t count = 1; count <= 256; count *= 2) {
        wrong += compare(equal, count, -1) != 1;
        wrong += compare(equal, count, 0) != 0;
        wrong += compare(equal, count, (int)count - 1) != 0;
    }
    wrong += equal((const uint8_t *)"", (const uint8_t *)"", 0) != 1;
    return wrong;
}

// MARK: Multiplying and inverting

/// The product bit by bit, of values that are known.
static uint8_t plain_product(uint8_t one, uint8_t other) {
    unsigned sum = 0, multiple = one;
    for (int bit = 0; bit < 8; bit++) {
        sum ^= (other >> bit) & 1 ? multiple : 0;
        multiple = (multiple << 1) ^ (multiple & 0x80 ? 0x11b : 0);
    }
    return (uint8_t)sum;
}

static uint8_t logarithms[256], powers[510];

static uint8_t leaky_product(uint8_t one, uint8_t other) {
    return one == 0 || other == 0 ? 0 : powers[logarithms[one] + logarithms[other]];
}

/// Logarithms to the base 3, which generates every element but 0.
static void fill_tables(void) {
    uint8_t power = 1;
    for (int exponent = 0; exponent < 255; exponent++) {
        powers[exponent] = powers[exponent + 255] = power;
        logarithms[power] = (uint8_t)exponent;
        power = plain_product(power, 3);
    }
}

static int wrong_products(multiplication multiply) {
    int wrong = 0;
    for (int one = 0; one < 256; one++) {
        for (int other = 0; other < 256; other += 5) {
            uint8_t first = (uint8_t)one, second = (uint8_t)other;
            VALGRIND_MAKE_MEM_UNDEFINED(&first, 1);
            VALGRIND_MAKE_MEM_UNDEFINED(&second, 1);
            uint8_t result = multiply(first, second);
            VALGRIND_MAKE_MEM_DEFINED(&result, 1);
            wrong += result != plain_product((uint8_t)one, (uint8_t)other);
        }
        uint8_t value = (uint8_t)one;
        VALGRIND_MAKE_MEM_UNDEFINED(&value, 1);
        uint8_t inverse = renclave_gf256_invert(value);
        VALGRIND_MAKE_MEM_DEFINED(&inverse, 1);
        wrong += plain_product((uint8_t)one, inverse) != (one != 0);
    }
    return wrong;
}

// MARK: Sharing

enum { shareCount = 11, threshold = 5, longest = 75 };

/// All but the x of each share is secret.
static void make_undefined(uint8_t *shares, size_t shareBytes, size_t count) {
    for (size_t share = 0; share < count; share++) {
        VALGRIND_MAKE_MEM_UNDEFINED(shares + share * shareBytes + 1, shareBytes - 1);
    }
}

/// Shares of x = 23, 24 and so on, in two steps of columns where the secret has so many bytes.
static void split(uint8_t *shares, uint8_t *secret, size_t count) {
    size_t shareBytes = count + 1, half = count / 2;
    for (size_t share = 0; share < shareCount; share++) {
        memset(shares + share * shareBytes, 0, shareBytes);
        shares[share * shareBytes] = (uint8_t)(23 + share);
    }
    for (size_t power = threshold - 1; power >= 1; power--) {
        uint8_t row[longest];
        fill(row, count, (uint8_t)(power * 31));
        VALGRIND_MAKE_MEM_UNDEFINED(row, count);
        renclave_gf256_absorb(shares, shareBytes, shareCount, 0, row, half);
        renclave_gf256_absorb(shares, shareBytes, shareCount, half, row + half, count - half);
    }
    VALGRIND_MAKE_MEM_UNDEFINED(secret, count);
    renclave_gf256_absorb(shares, shareBytes, shareCount, 0, secret, count);
    make_undefined(shares, shareBytes, shareCount);
}

static int agrees(const uint8_t *shares, size_t shareBytes, const uint8_t *weights, const uint8_t *share) {
    int result = renclave_gf256_passes_through(shares, shareBytes, threshold, weights, share);
    VALGRIND_MAKE_MEM_DEFINED(&result, sizeof result);
    return result;
}

static int wrong_sharings(size_t count) {
    uint8_t shares[shareCount * (longest + 1)], weights[threshold];
    uint8_t secret[longest], expected[longest], combined[longest];
    size_t shareBytes = count + 1;
    fill(secret, count, 201);
    memcpy(expected, secret, count);
    split(shares, secret, count);

    int wrong = 0;
    for (size_t first = 0; first + threshold < shareCount; first++) {
        uint8_t *chosen = shares + first * shareBytes, *next = chosen + threshold * shareBytes;
        renclave_gf256_weigh(weights, chosen, shareBytes, threshold);
        renclave_gf256_interpolate(combined, chosen, shareBytes, threshold, weights, 0);
        VALGRIND_MAKE_MEM_DEFINED(combined, count);
        wrong += memcmp(combined, expected, count) != 0;
        wrong += agrees(chosen, shareBytes, weights, next) != 1;
        next[count] ^= 0x80;
        wrong += agrees(chosen, shareBytes, weights, next) != 0;
        next[count] ^= 0x80;
    }
    return wrong;
}

// MARK: All of them

int main(int argc, char **argv) {
    const char *leak = argc > 1 ? argv[1] : "";
    fill_tables();
    int wrong = wrong_comparisons(strcmp(leak, "comparison") == 0 ? leaky_equal : renclave_equal);
    wrong += wrong_products(strcmp(leak, "product") == 0 ? leaky_product : renclave_gf256_multiply);
    for (size_t count = 1; count <= longest; count++) {
        wrong += wrong_sharings(count);
    }
    if (wrong != 0) {
        fprintf(stderr, "%d operations had the wrong result\n", wrong);
        return 3;
    }
    return 0;
}
