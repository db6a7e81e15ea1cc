// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory

/// The symmetric envelope of QuorumOS, under the AES key of a key pair.
///
/// Bytes: nonce (12) ‖ length of the ciphertext (u32, little-endian) ‖ ciphertext with its tag.
package enum SymmetricEnvelope {
    /// How much longer an envelope is than its plaintext.
    package static let overhead = layout.headBytes + AES256GCM.tagBytes

    /// What the cipher authenticates: a constant, although it is named after an HMAC.
    static let context = Array("qos_aes_gcm_256_hmac_sha512".utf8)

    private static let layout = EnvelopeLayout(fixedBytes: AES256GCM.nonceBytes)

    /// - Parameter nonce: 12 bytes, never used twice with one key.
    static func seal(
        _ plaintext: borrowing Span<UInt8>,
        key: borrowing Span<UInt8>,
        nonce: [UInt8]
    ) throws(QuorumError) -> [UInt8] {
        let ciphertext = try EnvelopeCipher.seal(plaintext, key: key, nonce: nonce, authenticating: context)
        return layout.bytes(fixed: nonce, ciphertext: ciphertext)
    }

    /// - Throws: in this order ``QuorumError/malformedEnvelope``, ``QuorumError/cannotDecrypt``;
    ///   ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    static func open(
        _ envelope: [UInt8],
        key: borrowing Span<UInt8>,
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        let parts = try layout.parts(of: envelope)
        return try EnvelopeCipher.open(
            parts.ciphertext,
            key: key,
            nonce: parts.fixed,
            authenticating: context,
            memory: memory
        )
    }
}
