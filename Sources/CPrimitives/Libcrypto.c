// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

// explicit_bzero
#define _DEFAULT_SOURCE

#include "Libcrypto.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct renclave_constants renclave_constants;

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static enum renclave_outcome started = RENCLAVE_OUTCOME_FAILED;

// libcrypto's memory. Its multiplication on P-256 frees copies of the scalar as they are; here no block goes back to
// the C library with anything in it.

static void *take(size_t count, const char *file, int line) {
    (void)file;
    (void)line;
    return malloc(count);
}

static void give_back(void *block, const char *file, int line) {
    (void)file;
    (void)line;
    if (block != NULL) {
        explicit_bzero(block, malloc_usable_size(block));
        free(block);
    }
}

static void *resize(void *block, size_t count, const char *file, int line) {
    if (block == NULL) {
        return take(count, file, line);
    }
    if (count == 0) {
        give_back(block, file, line);
        return NULL;
    }
    void *larger = take(count, file, line);
    if (larger != NULL) {
        size_t held = malloc_usable_size(block);
        memcpy(larger, block, held < count ? held : count);
        give_back(block, file, line);
    }
    return larger;
}

static int make_constants(void) {
    renclave_constants.p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    renclave_constants.aes256gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (renclave_constants.p256 == NULL || renclave_constants.aes256gcm == NULL) {
        return 0;
    }
    renclave_constants.order_less_two = BN_dup(EC_GROUP_get0_order(renclave_constants.p256));
    return renclave_constants.order_less_two != NULL && BN_sub_word(renclave_constants.order_less_two, 2);
}

static void start(void) {
    // Refused where libcrypto has memory already, which somebody else must then have started: secrets would stay in it.
    if (!CRYPTO_set_mem_functions(take, resize, give_back)) {
        return;
    }
    if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL)) {
        return;
    }
    // 2 where there is a heap and it could not be locked.
    if (CRYPTO_secure_malloc_init(renclave_locked_heap_bytes, 16) != 1) {
        started = RENCLAVE_OUTCOME_NOT_LOCKED;
        return;
    }
    started = make_constants() ? RENCLAVE_OUTCOME_DONE : RENCLAVE_OUTCOME_FAILED;
}

enum renclave_outcome renclave_start_libcrypto(void) {
    return CRYPTO_THREAD_run_once(&once, start) ? started : RENCLAVE_OUTCOME_FAILED;
}

BIGNUM *renclave_secret_number(void) {
    BIGNUM *number = BN_secure_new();
    if (number != NULL) {
        BN_set_flags(number, BN_FLG_CONSTTIME);
    }
    return number;
}

__attribute__((noinline)) void renclave_wipe_stack(void) {
    // The deepest of the calls, signing, uses less than 3 KiB.
    uint8_t below[8192];
    explicit_bzero(below, sizeof below);
}

enum renclave_outcome renclave_ended(enum renclave_outcome outcome) {
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        ERR_clear_error();
    }
    return outcome;
}

void renclave_sha256(const uint8_t *message, size_t count, uint8_t digest[32]) {
    // These three cannot fail, take no memory, and look nothing up.
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, message, count);
    SHA256_Final(digest, &context);
    OPENSSL_cleanse(&context, sizeof context);
}

void renclave_sha384(const uint8_t *message, size_t count, uint8_t digest[48]) {
    // These three cannot fail, take no memory, and look nothing up.
    SHA512_CTX context;
    SHA384_Init(&context);
    SHA384_Update(&context, message, count);
    SHA384_Final(digest, &context);
    OPENSSL_cleanse(&context, sizeof context);
}
