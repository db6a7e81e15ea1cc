// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory

/// What sender and receiver of an envelope agree on: the cipher key, and the context that the cipher authenticates.
///
/// With E the sender's ephemeral point, R the receiver's encryption point and Z the x-coordinate of their shared point:
/// key = the first 32 bytes of HMAC-SHA512(key: E ‖ R ‖ Z, message: ``message``). This is QuorumOS's own construction,
/// not RFC 9180.
struct EnvelopeAgreement {
    /// What the HMAC authenticates.
    static let message = Array("qos_encryption_hmac_message".utf8)

    /// E and R, each an uncompressed point.
    let sender: [UInt8]
    let receiver: [UInt8]

    /// E ‖ 0x41 ‖ R ‖ 0x41: each point with its length behind it.
    var context: [UInt8] {
        let length = UInt8(P256.pointBytes)
        return sender + [length] + receiver + [length]
    }

    /// The 32-byte cipher key.
    ///
    /// - Parameters:
    ///   - scalar: the secret of one side.
    ///   - point: the point of the other.
    /// - Throws: ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    func cipherKey(
        scalar: borrowing Span<UInt8>,
        point: [UInt8],
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        let preimage = try preimage(scalar: scalar, point: point, memory: memory)
        var key = try Self.authenticator(of: preimage, memory: memory)
        key.truncate(to: AES256GCM.keyBytes)
        return key
    }

    /// E ‖ R ‖ Z, 162 bytes.
    func preimage(
        scalar: borrowing Span<UInt8>,
        point: [UInt8],
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        let points = sender + receiver
        var preimage = try memory.secret(points.count + P256.scalarBytes)
        try preimage.withMutableBytes { span throws(QuorumError) in
            span.copy(points.span, at: 0)
            var shared = span._mutatingExtracting(points.count..<span.count)
            try primitive { () throws(PrimitiveError) in
                try P256.agree(scalar: scalar, point: point, into: &shared)
            }
        }
        return preimage
    }

    /// The whole HMAC, 64 bytes.
    static func authenticator(
        of preimage: borrowing SecretBytes,
        memory: SecretSupply
    ) throws(QuorumError) -> SecretBytes {
        var authenticator = try memory.secret(SHA512.byteCount)
        preimage.withBytes { key in
            authenticator.withMutableBytes { HMACSHA512.authenticate(message, key: key, into: &$0) }
        }
        return authenticator
    }
}
