// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors
//
// Operations of libcrypto that take several steps, each as one call: P-256, AES-256-GCM and SHA-384. Secrets stay in
// libcrypto's locked heap while an operation runs, and every block and the part of the stack that it used are zeroed.

#ifndef RENCLAVE_CPRIMITIVES_H
#define RENCLAVE_CPRIMITIVES_H

#include <stddef.h>
#include <stdint.h>

enum __attribute__((enum_extensibility(closed))) renclave_outcome {
    RENCLAVE_OUTCOME_DONE __attribute__((swift_name("done"))),
    /// libcrypto ran out of memory, or an argument is longer than it takes.
    RENCLAVE_OUTCOME_FAILED __attribute__((swift_name("failed"))),
    /// The heap for secrets could not be locked.
    RENCLAVE_OUTCOME_NOT_LOCKED __attribute__((swift_name("notLocked"))),
    /// Not within 1 to n - 1.
    RENCLAVE_OUTCOME_BAD_SCALAR __attribute__((swift_name("badScalar"))),
    /// Not 04, X and Y of a point on the curve.
    RENCLAVE_OUTCOME_BAD_POINT __attribute__((swift_name("badPoint"))),
    /// r or s is not within 1 to n - 1.
    RENCLAVE_OUTCOME_MALFORMED __attribute__((swift_name("malformed"))),
    /// The signature or the tag does not belong to what it came with.
    RENCLAVE_OUTCOME_REFUSED __attribute__((swift_name("refused"))),
};

/// Bytes of libcrypto's locked heap.
enum { renclave_locked_heap_bytes = 1 << 16 };

/// Starts libcrypto, without a configuration file and once for the process. Every other call that can fail does it
/// first, so it need only be called where something else could start libcrypto before.
enum renclave_outcome renclave_start_libcrypto(void);

/// SHA-256 (FIPS 180-4), by the processor's own instructions where it has them.
void renclave_sha256(const uint8_t *message, size_t count, uint8_t digest[32]);

/// SHA-384 (FIPS 180-4).
void renclave_sha384(const uint8_t *message, size_t count, uint8_t digest[48]);

/// Whether 32 bytes, big-endian, are within 1 to n - 1; 1 or 0, in a time that does not depend on them.
int renclave_p256_is_scalar(const uint8_t scalar[32]);

/// The scalar's multiple of the generator as 04, X, Y.
enum renclave_outcome renclave_p256_public_point(const uint8_t scalar[32], uint8_t point[65]);

/// Whether 65 bytes are 04, X, Y of a point on the curve.
enum renclave_outcome renclave_p256_check_point(const uint8_t point[65]);

/// The x-coordinate of the scalar's multiple of the point.
enum renclave_outcome renclave_p256_agree(const uint8_t scalar[32], const uint8_t point[65], uint8_t x[32]);

/// ECDSA with the nonce of RFC 6979 over SHA-256; r, s, big-endian.
enum renclave_outcome renclave_p256_sign(const uint8_t digest[32], const uint8_t scalar[32], uint8_t signature[64]);

/// ECDSA.
enum renclave_outcome renclave_p256_verify(
    const uint8_t signature[64], const uint8_t digest[32], const uint8_t point[65]);

/// AES-256-GCM with a nonce of 12 bytes; `sealed` has room for `count` + 16 bytes, the tag behind.
enum renclave_outcome renclave_aes256gcm_seal(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *data, size_t data_count, const uint8_t *plain,
    size_t count, uint8_t *sealed);

/// AES-256-GCM; `sealed` has `count` + 16 bytes. `plain` is zeroed where the tag does not match.
enum renclave_outcome renclave_aes256gcm_open(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *data, size_t data_count, const uint8_t *sealed,
    size_t count, uint8_t *plain);

#endif
