// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// COSE_Sign1 (RFC 9052, section 4.2) as a Nitro Security Module writes it: an array of the protected header, the
/// unprotected header, the payload and the signature.
package enum COSESign1 {
    /// The only one there is: the map `{1: -35}`, the algorithm ES384.
    package static let protectedHeader: [UInt8] = [0xA1, 0x01, 0x38, 0x22]

    /// How many bytes a signature by ES384 has: r and s, 48 each, big-endian.
    package static let signatureByteCount = 96

    /// The tag that a COSE_Sign1 may have.
    private static let tag: UInt64 = 18

    /// What is signed (RFC 9052, section 4.4), with nothing added from outside.
    ///
    /// - Parameters:
    ///   - protected: the protected header as it stands in the message.
    ///   - payload: the payload as it stands in the message.
    package static func signedBytes(protected: [UInt8] = protectedHeader, payload: [UInt8]) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(count: 4)
        writer.text("Signature1")
        writer.bytes(protected)
        writer.bytes([])
        writer.bytes(payload)
        return writer.bytes
    }

    /// A message without a tag, with an empty unprotected header.
    ///
    /// - Parameter signature: 96 bytes.
    package static func encode(payload: [UInt8], signature: [UInt8]) -> [UInt8] {
        var writer = CBORWriter()
        writer.array(count: 4)
        writer.bytes(protectedHeader)
        writer.map(count: 0)
        writer.bytes(payload)
        writer.bytes(signature)
        return writer.bytes
    }
}

// MARK: Reading

extension COSESign1 {
    /// The parts of a message that differ between messages.
    struct Message: Equatable, Sendable {
        /// As received, not empty.
        let payload: [UInt8]
        /// 96 bytes.
        let signature: [UInt8]
    }

    /// Reads a message, with or without its tag; the headers must be the only ones there are.
    ///
    /// - Throws: `malformed`, with what of it is.
    static func decode(_ bytes: [UInt8]) throws(AttestationError) -> Message {
        var reader = CBORReader(bytes)
        _ = reader.takeTag(tag)
        guard (try? reader.array(4...4)) != nil else { throw .malformed(.envelope) }
        guard let protected = try? reader.bytes(), protected == protectedHeader else {
            throw .malformed(.protectedHeader)
        }
        guard (try? reader.map(0...0)) != nil else { throw .malformed(.unprotectedHeader) }
        guard let payload = try? reader.bytes(1...Int.max) else { throw .malformed(.payload) }
        guard let signature = try? reader.bytes(signatureByteCount...signatureByteCount),
            (try? reader.finish()) != nil
        else { throw .malformed(.envelope) }
        return Message(payload: payload, signature: signature)
    }
}
