// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
package import SecretMemory

/// The public-key envelope of QuorumOS: what is sealed to a member, an enclave or a quorum key.
///
/// Bytes: nonce (12) ‖ ephemeral sender point (65) ‖ length of the ciphertext (u32, little-endian) ‖ ciphertext with
/// its tag. The sender is not authenticated, and nothing says what an envelope is for.
package enum Envelope {
    /// How much longer an envelope is than its plaintext.
    package static let overhead = layout.headBytes + AES256GCM.tagBytes

    private static let layout = EnvelopeLayout(fixedBytes: AES256GCM.nonceBytes + P256.pointBytes)

    /// How often a scalar is drawn before the source is held to be broken; one draw fails with a chance of about 2⁻³².
    private static let draws = 8

    /// Seals to the encryption point of a key, with an ephemeral scalar and a nonce of its own.
    ///
    /// - Parameter memory: where the ephemeral scalar and what comes of it are kept.
    /// - Throws: ``QuorumError/primitive(_:)`` with `entropyFailed` where the source is broken,
    ///   ``QuorumError/memory(_:)``, ``QuorumError/malformedEnvelope`` for a plaintext of more than 1 GiB.
    package static func seal(
        _ plaintext: borrowing Span<UInt8>,
        to receiver: QuorumPublicKey,
        entropy: EntropySource,
        memory: SecretSupply
    ) throws(QuorumError) -> [UInt8] {
        let ephemeral = try drawScalar(from: entropy, memory: memory)
        let nonce = try entropy.published(AES256GCM.nonceBytes)
        return try ephemeral.withBytes { scalar throws(QuorumError) in
            try seal(plaintext, to: receiver, scalar: scalar, nonce: nonce, memory: memory)
        }
    }

    /// The same with a given scalar and nonce, which must never be used twice.
    static func seal(
        _ plaintext: borrowing Span<UInt8>,
        to receiver: QuorumPublicKey,
        scalar: borrowing Span<UInt8>,
        nonce: [UInt8],
        memory: SecretSupply
    ) throws(QuorumError) -> [UInt8] {
        let sender = try primitive { () throws(PrimitiveError) in try P256.publicPoint(of: scalar) }
        let agreement = EnvelopeAgreement(sender: sender, receiver: receiver.encryptionPoint)
        let key = try agreement.cipherKey(scalar: scalar, point: agreement.receiver, memory: memory)
        let ciphertext = try key.withBytes { key throws(QuorumError) in
            try EnvelopeCipher.seal(plaintext, key: key, nonce: nonce, authenticating: agreement.context)
        }
        return layout.bytes(fixed: nonce + sender, ciphertext: ciphertext)
    }

    /// Opens an envelope with the receiver's encryption scalar and point.
    ///
    /// - Throws: in this order ``QuorumError/malformedEnvelope``, ``QuorumError/badEnvelopePoint``,
    ///   ``QuorumError/cannotDecrypt``; ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    static func open(
        _ envelope: [UInt8],
        scalar: borrowing Span<UInt8>,
        receiver: [UInt8],
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        let parts = try layout.parts(of: envelope)
        let sender = Array(parts.fixed.dropFirst(AES256GCM.nonceBytes))
        guard P256.isPoint(sender) else { throw .badEnvelopePoint }
        // No key is worth deriving for what can only fail.
        guard parts.ciphertext.count >= AES256GCM.tagBytes else { throw .cannotDecrypt }
        let agreement = EnvelopeAgreement(sender: sender, receiver: receiver)
        let key = try agreement.cipherKey(scalar: scalar, point: sender, memory: memory)
        return try key.withBytes { key throws(QuorumError) in
            try EnvelopeCipher.open(
                parts.ciphertext,
                key: key,
                nonce: Array(parts.fixed.prefix(AES256GCM.nonceBytes)),
                authenticating: agreement.context,
                memory: memory
            )
        }
    }

    /// Whether bytes have the lengths of an envelope; nothing else of them is looked at.
    ///
    /// Exactly where it says no, opening says ``QuorumError/malformedEnvelope``.
    package static func looksLikeEnvelope(_ bytes: borrowing Span<UInt8>) -> Bool {
        layout.fits(bytes)
    }

    /// A scalar within 1 to n − 1; one that is not is drawn again.
    private static func drawScalar(
        from entropy: EntropySource,
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        var scalar = try memory.secret(P256.scalarBytes)
        for _ in 0..<draws {
            try entropy.refill(&scalar)
            if scalar.withBytes({ P256.isScalar($0) }) { return scalar }
        }
        throw .primitive(.entropyFailed)
    }
}
