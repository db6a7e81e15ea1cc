// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
package import SecretMemory

extension QuorumKeyPair {
    /// Opens an envelope that was sealed to this key.
    ///
    /// - Parameter memory: where the plaintext and what is needed on the way are kept.
    /// - Throws: in this order ``QuorumError/malformedEnvelope``, ``QuorumError/badEnvelopePoint``,
    ///   ``QuorumError/cannotDecrypt``; ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    package func open(_ envelope: [UInt8], memory: SecretSupply) throws(QuorumError) -> SecretBytes {
        try material.withEncryptionScalar { scalar throws(QuorumError) in
            try Envelope.open(envelope, scalar: scalar, receiver: publicKey.encryptionPoint, memory: memory)
        }
    }

    /// Seals for this key pair's own symmetric key.
    ///
    /// - Returns: the plaintext's length and 32 bytes, as ``SymmetricEnvelope`` says.
    /// - Throws: ``QuorumError/primitive(_:)``, ``QuorumError/malformedEnvelope`` for a plaintext that is too long.
    package func sealSymmetric(
        _ plaintext: borrowing Span<UInt8>,
        entropy: EntropySource
    ) throws(QuorumError) -> [UInt8] {
        let nonce = try entropy.published(AES256GCM.nonceBytes)
        return try sealSymmetric(plaintext, nonce: nonce)
    }

    /// The same with a given nonce, which must never be used twice.
    func sealSymmetric(_ plaintext: borrowing Span<UInt8>, nonce: [UInt8]) throws(QuorumError) -> [UInt8] {
        try material.withSymmetricKey { key throws(QuorumError) in
            try SymmetricEnvelope.seal(plaintext, key: key, nonce: nonce)
        }
    }

    /// Opens what ``sealSymmetric(_:entropy:)`` of this key pair sealed.
    ///
    /// - Parameter memory: where the plaintext is kept.
    /// - Throws: ``QuorumError/malformedEnvelope``, ``QuorumError/cannotDecrypt``, ``QuorumError/memory(_:)``.
    package func openSymmetric(_ envelope: [UInt8], memory: SecretSupply) throws(QuorumError) -> SecretBytes {
        try material.withSymmetricKey { key throws(QuorumError) in
            try SymmetricEnvelope.open(envelope, key: key, memory: memory)
        }
    }
}
