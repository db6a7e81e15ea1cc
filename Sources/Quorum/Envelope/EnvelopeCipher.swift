// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory

/// AES-256-GCM as both envelopes use it.
enum EnvelopeCipher {
    /// The longest plaintext that is sealed, in bytes: what one call of the cipher takes for sure.
    static let longestPlaintext = 1 << 30

    /// - Returns: ciphertext ‖ tag.
    /// - Throws: ``QuorumError/malformedEnvelope`` for a plaintext above ``longestPlaintext``,
    ///   ``QuorumError/primitive(_:)``.
    static func seal(
        _ plaintext: borrowing Span<UInt8>,
        key: borrowing Span<UInt8>,
        nonce: [UInt8],
        authenticating context: [UInt8]
    ) throws(QuorumError) -> [UInt8] {
        guard plaintext.count <= longestPlaintext else { throw .malformedEnvelope }
        return try primitive { () throws(PrimitiveError) in
            try AES256GCM.seal(plaintext, key: key, nonce: nonce, authenticating: context)
        }
    }

    /// - Parameter ciphertext: with its tag.
    /// - Throws: ``QuorumError/cannotDecrypt``, also for fewer bytes than a tag or more than can have been sealed;
    ///   ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    static func open(
        _ ciphertext: [UInt8],
        key: borrowing Span<UInt8>,
        nonce: [UInt8],
        authenticating context: [UInt8],
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        let count = ciphertext.count - AES256GCM.tagBytes
        guard (0...longestPlaintext).contains(count) else { throw .cannotDecrypt }
        var plaintext = try memory.secret(count)
        let isGenuine = try plaintext.withMutableBytes { output throws(QuorumError) in
            try primitive { () throws(PrimitiveError) in
                try AES256GCM.open(ciphertext, key: key, nonce: nonce, authenticating: context, into: &output)
            }
        }
        guard isGenuine else { throw .cannotDecrypt }
        return plaintext
    }
}
