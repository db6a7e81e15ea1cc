// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include "Libcrypto.h"

enum { coordinate_bytes = 32, point_bytes = 65, uncompressed = 4 };

/// SEC 2 §2.4.2, n.
static const uint8_t order[coordinate_bytes] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};

int renclave_p256_is_scalar(const uint8_t scalar[32]) {
    // scalar - n borrows at the end exactly where scalar is below n.
    uint32_t borrow = 0;
    uint32_t bits = 0;
    for (int index = coordinate_bytes - 1; index >= 0; index--) {
        borrow = (((uint32_t)scalar[index] - order[index] - borrow) >> 8) & 1;
        bits |= scalar[index];
    }
    uint32_t is_zero = ((bits - 1) >> 8) & 1;
    return (int)(borrow & (is_zero ^ 1));
}

/// The point that 65 bytes stand for; libcrypto's own reading checks the range of both and the curve's equation.
static int read_point(EC_POINT *point, const uint8_t bytes[65], BN_CTX *context) {
    return bytes[0] == uncompressed &&
           EC_POINT_oct2point(renclave_constants.p256, point, bytes, point_bytes, context) == 1;
}

/// The scalar's multiple of `bytes` (of the generator for NULL), and its coordinates; y may be NULL.
static enum renclave_outcome multiply(const uint8_t scalar[32], const uint8_t *bytes, uint8_t *x, uint8_t *y) {
    const EC_GROUP *group = renclave_constants.p256;
    enum renclave_outcome outcome = RENCLAVE_OUTCOME_FAILED;
    BN_CTX *context = BN_CTX_secure_new();
    EC_POINT *point = EC_POINT_new(group);
    EC_POINT *product = EC_POINT_new(group);
    BIGNUM *factor = renclave_secret_number();
    BIGNUM *first = renclave_secret_number();
    BIGNUM *second = renclave_secret_number();
    if (context == NULL || point == NULL || product == NULL || factor == NULL || first == NULL || second == NULL ||
        BN_bin2bn(scalar, coordinate_bytes, factor) == NULL) {
        goto end;
    }
    if (bytes != NULL && !read_point(point, bytes, context)) {
        outcome = RENCLAVE_OUTCOME_BAD_POINT;
        goto end;
    }
    // One scalar and one point, either of which libcrypto multiplies in constant time.
    if (!EC_POINT_mul(
            group, product, bytes == NULL ? factor : NULL, bytes == NULL ? NULL : point, bytes == NULL ? NULL : factor,
            context) ||
        !EC_POINT_get_affine_coordinates(group, product, first, y == NULL ? NULL : second, context) ||
        BN_bn2binpad(first, x, coordinate_bytes) != coordinate_bytes ||
        (y != NULL && BN_bn2binpad(second, y, coordinate_bytes) != coordinate_bytes)) {
        goto end;
    }
    outcome = RENCLAVE_OUTCOME_DONE;
end:
    BN_clear_free(second);
    BN_clear_free(first);
    BN_clear_free(factor);
    EC_POINT_clear_free(product);
    EC_POINT_free(point);
    BN_CTX_free(context);
    renclave_wipe_stack();
    return renclave_ended(outcome);
}

enum renclave_outcome renclave_p256_public_point(const uint8_t scalar[32], uint8_t point[65]) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    if (!renclave_p256_is_scalar(scalar)) {
        return RENCLAVE_OUTCOME_BAD_SCALAR;
    }
    point[0] = uncompressed;
    return multiply(scalar, NULL, point + 1, point + 1 + coordinate_bytes);
}

enum renclave_outcome renclave_p256_agree(const uint8_t scalar[32], const uint8_t point[65], uint8_t x[32]) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    if (!renclave_p256_is_scalar(scalar)) {
        return RENCLAVE_OUTCOME_BAD_SCALAR;
    }
    return multiply(scalar, point, x, NULL);
}

enum renclave_outcome renclave_p256_check_point(const uint8_t point[65]) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    EC_POINT *read = EC_POINT_new(renclave_constants.p256);
    BN_CTX *context = BN_CTX_new();
    outcome = RENCLAVE_OUTCOME_FAILED;
    if (read != NULL && context != NULL) {
        outcome = read_point(read, point, context) ? RENCLAVE_OUTCOME_DONE : RENCLAVE_OUTCOME_BAD_POINT;
    }
    BN_CTX_free(context);
    EC_POINT_free(read);
    return renclave_ended(outcome);
}
