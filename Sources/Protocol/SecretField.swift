// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The place of a secret in a frame: its bytes follow the encoded message and no decoder touches them.
///
/// On the wire a secret field is its length, a `u32`; the bytes of all secret fields of a message stand behind it, in
/// the order of the fields. So a message is an ordinary `Codable` value although the phrase, the passphrase or the
/// entropy that belongs to it stays where the receiver put the frame (in the enclave: locked memory).
package struct SecretField: Codable, Equatable, Sendable {
    /// Bytes from the start of the frame's secret part. Set by the decoder; zero on the sending side.
    package let offset: Int

    /// Length in bytes.
    package let count: Int

    /// A field to be sent; the bytes are handed over beside the message.
    package init(count: Int) {
        self.offset = 0
        self.count = count
    }

    init(offset: Int, count: Int) {
        self.offset = offset
        self.count = count
    }

    /// Where the bytes lie in the frame's secret part.
    package var range: Range<Int> { offset..<(offset + count) }

    /// Only ``BinaryDecoder`` knows the offset, and it never calls this initializer.
    package init(from decoder: any Decoder) throws {
        throw DecodingError.dataCorrupted(
            .init(codingPath: decoder.codingPath, debugDescription: "a secret field outside a frame")
        )
    }

    /// Only ``BinaryEncoder`` can write a secret field, and it never calls this method.
    package func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            count,
            .init(codingPath: encoder.codingPath, debugDescription: "a secret field outside a frame")
        )
    }
}
