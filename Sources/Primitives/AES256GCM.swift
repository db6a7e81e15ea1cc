// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CPrimitives

/// AES-256-GCM (SP 800-38D) by libcrypto, with nonces of 12 bytes and whole tags.
package enum AES256GCM {
    /// Length of a key in bytes.
    package static let keyBytes = 32
    /// Length of a nonce in bytes.
    package static let nonceBytes = 12
    /// Length of a tag in bytes.
    package static let tagBytes = 16

    /// Encrypts and authenticates. A nonce must never be used twice with one key.
    ///
    /// - Returns: the ciphertext and, behind it, the tag: 16 bytes more than the plaintext.
    /// - Throws: ``PrimitiveError/failed``, also for a key or a nonce of another length.
    package static func seal(
        _ plaintext: borrowing Span<UInt8>,
        key: borrowing Span<UInt8>,
        nonce: [UInt8],
        authenticating data: [UInt8]
    ) throws(PrimitiveError) -> [UInt8] {
        guard key.count == keyBytes, nonce.count == nonceBytes else { throw .failed }
        var sealed = [UInt8](repeating: 0, count: plaintext.count + tagBytes)
        // Every pointer is good for its count, and the output has room for the tag.
        let outcome = unsafe sealed.withUnsafeMutableBufferPointer { sealed in
            unsafe plaintext.withUnsafeBufferPointer { plaintext in
                unsafe key.withUnsafeBufferPointer { key in
                    unsafe renclave_aes256gcm_seal(
                        key.baseAddress, nonce, data, data.count, plaintext.baseAddress, plaintext.count,
                        sealed.baseAddress
                    )
                }
            }
        }
        try CryptoLibraries.demand(outcome)
        return sealed
    }

    /// Checks and decrypts.
    ///
    /// - Parameters:
    ///   - ciphertext: with the tag behind it.
    ///   - output: 16 bytes fewer than `ciphertext`; zeroed where the tag does not match.
    /// - Returns: false where the tag does not match, and where `ciphertext` is too short to have one.
    /// - Throws: ``PrimitiveError/failed``, also for a key, a nonce or an output of another length.
    package static func open(
        _ ciphertext: [UInt8],
        key: borrowing Span<UInt8>,
        nonce: [UInt8],
        authenticating data: [UInt8],
        into output: inout MutableSpan<UInt8>
    ) throws(PrimitiveError) -> Bool {
        guard ciphertext.count >= tagBytes else { return false }
        let count = ciphertext.count - tagBytes
        guard key.count == keyBytes, nonce.count == nonceBytes, output.count == count else { throw .failed }
        // Every pointer is good for its count, and the ciphertext has a tag.
        let outcome = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe renclave_aes256gcm_open(
                    key.baseAddress, nonce, data, data.count, ciphertext, count, output.baseAddress
                )
            }
        }
        if outcome == .refused { return false }
        try CryptoLibraries.demand(outcome)
        return true
    }
}
