// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include "Libcrypto.h"

#include <string.h>

enum { number_bytes = 32, block_bytes = 64 };

struct part {
    const uint8_t *bytes;
    size_t count;
};

/// HMAC-SHA256 with a key of 32 bytes over up to four parts (RFC 2104). libcrypto's HMAC() looks its hash function up
/// at every call, which takes longer than the hashing.
static void authenticate(
    const uint8_t key[32], const struct part *parts, size_t part_count, uint8_t code[32]) {
    SHA256_CTX context;
    uint8_t pad[block_bytes];
    memset(pad, 0x36, sizeof pad);
    for (int index = 0; index < number_bytes; index++) {
        pad[index] ^= key[index];
    }
    SHA256_Init(&context);
    SHA256_Update(&context, pad, sizeof pad);
    for (size_t index = 0; index < part_count; index++) {
        SHA256_Update(&context, parts[index].bytes, parts[index].count);
    }
    uint8_t inner[number_bytes];
    SHA256_Final(inner, &context);
    for (int index = 0; index < block_bytes; index++) {
        pad[index] ^= 0x36 ^ 0x5c;
    }
    SHA256_Init(&context);
    SHA256_Update(&context, pad, sizeof pad);
    SHA256_Update(&context, inner, sizeof inner);
    SHA256_Final(code, &context);
    OPENSSL_cleanse(&context, sizeof context);
    OPENSSL_cleanse(inner, sizeof inner);
    OPENSSL_cleanse(pad, sizeof pad);
}

/// The generator of RFC 6979 §3.2: K and V.
struct nonces {
    uint8_t key[32];
    uint8_t value[32];
};

/// K = HMAC(K, V, separator, scalar, digest), V = HMAC(K, V); without a scalar steps h.3's K = HMAC(K, V, 00).
static void stir(struct nonces *nonces, uint8_t separator, const uint8_t *scalar, const uint8_t *digest) {
    const struct part parts[] = {
        {nonces->value, number_bytes}, {&separator, 1}, {scalar, number_bytes}, {digest, number_bytes}};
    authenticate(nonces->key, parts, scalar == NULL ? 2 : 4, nonces->key);
    authenticate(nonces->key, parts, 1, nonces->value);
}

/// Steps b to g; `reduced` is the digest modulo n.
static void begin(struct nonces *nonces, const uint8_t scalar[32], const uint8_t reduced[32]) {
    memset(nonces->key, 0x00, sizeof nonces->key);
    memset(nonces->value, 0x01, sizeof nonces->value);
    stir(nonces, 0x00, scalar, reduced);
    stir(nonces, 0x01, scalar, reduced);
}

/// Step h: the next number within 1 to n - 1.
static int next(struct nonces *nonces, BIGNUM *nonce) {
    const struct part value = {nonces->value, number_bytes};
    for (;;) {
        authenticate(nonces->key, &value, 1, nonces->value);
        if (renclave_p256_is_scalar(nonces->value)) {
            return BN_bin2bn(nonces->value, number_bytes, nonce) != NULL;
        }
        stir(nonces, 0x00, NULL, NULL);
    }
}

/// The digest modulo n (bits2octets); it is no secret.
static int reduce(const uint8_t digest[32], uint8_t reduced[32], BN_CTX *context) {
    const BIGNUM *order = EC_GROUP_get0_order(renclave_constants.p256);
    BIGNUM *number = BN_bin2bn(digest, number_bytes, NULL);
    int done = number != NULL && BN_nnmod(number, number, order, context) &&
               BN_bn2binpad(number, reduced, number_bytes) == number_bytes;
    BN_free(number);
    return done;
}

/// r = x(k G) mod n, and 1/k by Fermat, both without a branch on k.
static int prepare(const BIGNUM *nonce, BIGNUM *inverse, BIGNUM *r, BN_CTX *context) {
    const EC_GROUP *group = renclave_constants.p256;
    const BIGNUM *order = EC_GROUP_get0_order(group);
    EC_POINT *point = EC_POINT_new(group);
    int done = point != NULL && EC_POINT_mul(group, point, nonce, NULL, NULL, context) &&
               EC_POINT_get_affine_coordinates(group, point, r, NULL, context) && BN_nnmod(r, r, order, context) &&
               BN_mod_exp_mont_consttime(
                   inverse, nonce, renclave_constants.order_less_two, order, context, EC_GROUP_get_mont_data(group));
    EC_POINT_clear_free(point);
    return done;
}

/// Takes nonces until r and s are not zero.
static ECDSA_SIG *sign(const uint8_t digest[32], struct nonces *nonces, EC_KEY *key, BN_CTX *context) {
    ECDSA_SIG *signature = NULL;
    BIGNUM *nonce = renclave_secret_number();
    BIGNUM *inverse = renclave_secret_number();
    BIGNUM *r = BN_new();
    int able = nonce != NULL && inverse != NULL && r != NULL;
    while (able && signature == NULL) {
        able = next(nonces, nonce) && prepare(nonce, inverse, r, context);
        if (able && !BN_is_zero(r)) {
            ERR_clear_error();
            signature = ECDSA_do_sign_ex(digest, number_bytes, inverse, r, key);
            // s was zero, which the next nonce mends; any other error ends it.
            able = signature != NULL || ERR_GET_REASON(ERR_peek_last_error()) == EC_R_NEED_NEW_SETUP_VALUES;
        }
    }
    BN_free(r);
    BN_clear_free(inverse);
    BN_clear_free(nonce);
    return signature;
}

static EC_KEY *private_key(const uint8_t scalar[32]) {
    EC_KEY *key = EC_KEY_new();
    BIGNUM *number = renclave_secret_number();
    if (key == NULL || number == NULL || BN_bin2bn(scalar, number_bytes, number) == NULL ||
        !EC_KEY_set_group(key, renclave_constants.p256) || !EC_KEY_set_private_key(key, number)) {
        EC_KEY_free(key);
        key = NULL;
    }
    BN_clear_free(number);
    return key;
}

enum renclave_outcome renclave_p256_sign(
    const uint8_t digest[32], const uint8_t scalar[32], uint8_t signature[64]) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    if (!renclave_p256_is_scalar(scalar)) {
        return RENCLAVE_OUTCOME_BAD_SCALAR;
    }
    struct nonces nonces;
    uint8_t reduced[number_bytes];
    ECDSA_SIG *made = NULL;
    BN_CTX *context = BN_CTX_secure_new();
    EC_KEY *key = private_key(scalar);
    if (context != NULL && key != NULL && reduce(digest, reduced, context)) {
        begin(&nonces, scalar, reduced);
        made = sign(digest, &nonces, key, context);
        OPENSSL_cleanse(&nonces, sizeof nonces);
    }
    if (made == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(made), signature, number_bytes) != number_bytes ||
        BN_bn2binpad(ECDSA_SIG_get0_s(made), signature + number_bytes, number_bytes) != number_bytes) {
        outcome = RENCLAVE_OUTCOME_FAILED;
    }
    ECDSA_SIG_free(made);
    EC_KEY_free(key);
    BN_CTX_free(context);
    renclave_wipe_stack();
    return renclave_ended(outcome);
}
