// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include "Libcrypto.h"

#include <limits.h>

enum { tag_bytes = 16 };

/// A context with key, nonce and authenticated data in it; NULL without memory.
static EVP_CIPHER_CTX *begin(
    int sealing, const uint8_t key[32], const uint8_t nonce[12], const uint8_t *data, size_t data_count) {
    // The cipher's own nonce is 12 bytes long.
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0;
    if (context == NULL || !EVP_CipherInit_ex2(context, renclave_constants.aes256gcm, key, nonce, sealing, NULL) ||
        (data_count > 0 && !EVP_CipherUpdate(context, NULL, &written, data, (int)data_count))) {
        EVP_CIPHER_CTX_free(context);
        return NULL;
    }
    return context;
}

/// Whether libcrypto can count so many bytes.
static int is_countable(size_t one, size_t other) { return one <= INT_MAX - tag_bytes && other <= INT_MAX; }

/// All of the text; it gives as many bytes as it takes.
static int convert(EVP_CIPHER_CTX *context, const uint8_t *from, size_t count, uint8_t *to) {
    int written = 0;
    return count == 0 || (EVP_CipherUpdate(context, to, &written, from, (int)count) && written == (int)count);
}

enum renclave_outcome renclave_aes256gcm_seal(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *data, size_t data_count, const uint8_t *plain,
    size_t count, uint8_t *sealed) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    if (!is_countable(count, data_count)) {
        return RENCLAVE_OUTCOME_FAILED;
    }
    EVP_CIPHER_CTX *context = begin(1, key, nonce, data, data_count);
    int written = 0;
    if (context == NULL || !convert(context, plain, count, sealed) ||
        !EVP_CipherFinal_ex(context, sealed + count, &written) ||
        !EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_bytes, sealed + count)) {
        outcome = RENCLAVE_OUTCOME_FAILED;
    }
    EVP_CIPHER_CTX_free(context);
    renclave_wipe_stack();
    return renclave_ended(outcome);
}

enum renclave_outcome renclave_aes256gcm_open(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *data, size_t data_count, const uint8_t *sealed,
    size_t count, uint8_t *plain) {
    enum renclave_outcome outcome = renclave_start_libcrypto();
    if (outcome != RENCLAVE_OUTCOME_DONE) {
        return outcome;
    }
    if (!is_countable(count, data_count)) {
        return RENCLAVE_OUTCOME_FAILED;
    }
    EVP_CIPHER_CTX *context = begin(0, key, nonce, data, data_count);
    uint8_t rest[tag_bytes];
    int written = 0;
    if (context == NULL || !convert(context, sealed, count, plain) ||
        // It is only read.
        !EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_bytes, (void *)(sealed + count))) {
        outcome = RENCLAVE_OUTCOME_FAILED;
    } else if (!EVP_CipherFinal_ex(context, rest, &written)) {
        outcome = RENCLAVE_OUTCOME_REFUSED;
    }
    if (outcome != RENCLAVE_OUTCOME_DONE && count > 0) {
        OPENSSL_cleanse(plain, count);
    }
    EVP_CIPHER_CTX_free(context);
    renclave_wipe_stack();
    return renclave_ended(outcome);
}
