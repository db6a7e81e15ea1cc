// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include "Libcrypto.h"

enum { number_bytes = 32, point_bytes = 65, uncompressed = 4 };

static ECDSA_SIG *read_signature(const uint8_t signature[64]) {
    ECDSA_SIG *read = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, number_bytes, NULL);
    BIGNUM *s = BN_bin2bn(signature + number_bytes, number_bytes, NULL);
    // Where this succeeds, the signature owns both.
    if (read == NULL || r == NULL || s == NULL || !ECDSA_SIG_set0(read, r, s)) {
        BN_free(s);
        BN_free(r);
        ECDSA_SIG_free(read);
        return NULL;
    }
    return read;
}

/// Puts the point into the key; reading it checks the range of both coordinates and the curve's equation.
static enum renclave_outcome set_point(EC_KEY *key, const uint8_t bytes[65]) {
    EC_POINT *point = EC_POINT_new(renclave_constants.p256);
    enum renclave_outcome outcome = RENCLAVE_OUTCOME_FAILED;
    if (point != NULL && EC_KEY_set_group(key, renclave_constants.p256)) {
        outcome = bytes[0] == uncompressed &&
                          EC_POINT_oct2point(renclave_constants.p256, point, bytes, point_bytes, NULL) == 1
                      ? RENCLAVE_OUTCOME_DONE
                      : RENCLAVE_OUTCOME_BAD_POINT;
    }
    if (outcome == RENCLAVE_OUTCOME_DONE && !EC_KEY_set_public_key(key, point)) {
        outcome = RENCLAVE_OUTCOME_FAILED;
    }
    EC_POINT_free(point);
    return outcome;
}

static enum renclave_outcome judge(const ECDSA_SIG *signature, const uint8_t digest[32], EC_KEY *key) {
    ERR_clear_error();
    switch (ECDSA_do_verify(digest, number_bytes, signature, key)) {
    case 1:
        return RENCLAVE_OUTCOME_DONE;
    case 0:
        return RENCLAVE_OUTCOME_REFUSED;
    default:
        // A signature that leads to infinity has no x and is refused (SEC 1 §4.1.4); libcrypto calls that an error.
        return ERR_GET_REASON(ERR_peek_error()) == EC_R_POINT_AT_INFINITY ? RENCLAVE_OUTCOME_REFUSED
                                                                           : RENCLAVE_OUTCOME_FAILED;
    }
}

enum renclave_outcome renclave_p256_verify(
    const uint8_t signature[64], const uint8_t digest[32], const uint8_t point[65]) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    if (!renclave_p256_is_scalar(signature) || !renclave_p256_is_scalar(signature + number_bytes)) {
        return RENCLAVE_OUTCOME_MALFORMED;
    }
    EC_KEY *key = EC_KEY_new();
    ECDSA_SIG *read = read_signature(signature);
    outcome = key == NULL || read == NULL ? RENCLAVE_OUTCOME_FAILED : set_point(key, point);
    if (outcome == RENCLAVE_OUTCOME_DONE) {
        outcome = judge(read, digest, key);
    }
    ECDSA_SIG_free(read);
    EC_KEY_free(key);
    return renclave_ended(outcome);
}
