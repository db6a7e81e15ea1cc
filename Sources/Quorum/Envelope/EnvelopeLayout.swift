// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How both envelopes lie in bytes: fields of fixed length, then a ciphertext behind its length as a little-endian u32,
/// then nothing.
///
/// That is what Borsh makes of them.
struct EnvelopeLayout: Sendable {
    /// The parts of one envelope, each starting at index zero.
    struct Parts {
        let fixed: [UInt8]
        let ciphertext: [UInt8]
    }

    private static let lengthBytes = 4

    /// Bytes of the fixed fields.
    let fixedBytes: Int

    /// Bytes before the ciphertext.
    var headBytes: Int { fixedBytes + Self.lengthBytes }

    /// Whether the bytes are of this layout.
    func fits(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard bytes.count >= headBytes else { return false }
        var length: UInt32 = 0
        for index in (fixedBytes..<headBytes).reversed() {
            length = length << 8 | UInt32(bytes[index])
        }
        return Int(length) == bytes.count - headBytes
    }

    /// - Throws: ``QuorumError/malformedEnvelope``.
    func parts(of bytes: [UInt8]) throws(QuorumError) -> Parts {
        guard fits(bytes.span) else { throw .malformedEnvelope }
        return Parts(fixed: Array(bytes.prefix(fixedBytes)), ciphertext: Array(bytes.dropFirst(headBytes)))
    }

    /// - Parameters:
    ///   - fixed: as many bytes as the layout has.
    ///   - ciphertext: shorter than 4 GiB.
    func bytes(fixed: [UInt8], ciphertext: [UInt8]) -> [UInt8] {
        let length = UInt32(ciphertext.count)
        return fixed + (0..<Self.lengthBytes).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + ciphertext
    }
}
