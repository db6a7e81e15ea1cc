// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors
//
// What the operations share.

#ifndef RENCLAVE_LIBCRYPTO_H
#define RENCLAVE_LIBCRYPTO_H

// ECDSA with a nonce of one's own and the plain hash functions are only in the calls that 3.0 deprecates.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "CPrimitives.h"

/// What is made once and only read from then on.
struct renclave_constants {
    EC_GROUP *p256;
    /// The order of P-256 less two: the exponent that inverts.
    BIGNUM *order_less_two;
    EVP_CIPHER *aes256gcm;
};

extern struct renclave_constants renclave_constants;

/// A number for a secret: in the locked heap, and marked for libcrypto's constant-time paths; NULL without memory.
BIGNUM *renclave_secret_number(void);

/// Zeroes what the calls before it may have left on the stack: libcrypto does not clear every local copy.
void renclave_wipe_stack(void);

/// Forgets libcrypto's error queue, and gives the outcome back.
enum renclave_outcome renclave_ended(enum renclave_outcome outcome);

#endif
