// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// A public key of QuorumOS: the encryption point, then the signing point, each 65 bytes `04 ‖ X ‖ Y` on P-256.
///
/// Quorum keys, members' keys, ephemeral keys and disaster-recovery keys all have this form.
package struct QuorumPublicKey: Equatable, Hashable, Sendable {
    /// Two uncompressed points.
    package static let byteCount = 2 * P256.pointBytes

    /// All 130 bytes.
    package let bytes: [UInt8]

    /// - Throws: ``QuorumError/publicKeyTooLong``, ``QuorumError/publicKeyTooShort``, ``QuorumError/badPublicKey``.
    package init(_ bytes: [UInt8]) throws(QuorumError) {
        guard bytes.count <= Self.byteCount else { throw .publicKeyTooLong }
        guard bytes.count == Self.byteCount else { throw .publicKeyTooShort }
        self.init(unchecked: bytes)
        guard P256.isPoint(encryptionPoint), P256.isPoint(signingPoint) else { throw .badPublicKey }
    }

    /// - Parameter unchecked: 130 bytes that are known to be two points.
    init(unchecked: [UInt8]) {
        bytes = unchecked
    }

    /// What envelopes are sealed to.
    package var encryptionPoint: [UInt8] { Array(bytes.prefix(P256.pointBytes)) }

    /// What signatures are checked with.
    package var signingPoint: [UInt8] { Array(bytes.suffix(P256.pointBytes)) }

    /// SHA-256 of the 130 bytes.
    package var fingerprint: [UInt8] { SHA256.digest(bytes) }

    /// Checks an ECDSA signature over SHA-256 of a message; s and n − s are both good.
    ///
    /// - Parameter signature: r ‖ s, 32 bytes each, big-endian.
    /// - Throws: ``QuorumError/malformedSignature``, ``QuorumError/wrongSignature``.
    package func verify(_ signature: [UInt8], of message: [UInt8]) throws(QuorumError) {
        let digest = SHA256.digest(message)
        let verdict = try primitive { () throws(PrimitiveError) in
            try P256.verify(signature, digest: digest, point: signingPoint)
        }
        switch verdict {
        case .valid: return
        case .malformed: throw .malformedSignature
        case .invalid: throw .wrongSignature
        }
    }
}
