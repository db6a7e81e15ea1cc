// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The first eight bytes of a frame.
///
///     u32 big-endian     length of all that follows
///     u32 little-endian  length of the encoded message (the plain part)
///     plain part
///     secret part        the rest
package struct FrameHeader: Equatable, Sendable {
    /// Bytes of the header itself.
    package static let byteCount = 8

    /// Bytes of the encoded message.
    package let plainCount: Int

    /// Bytes of the secret fields behind it.
    package let secretCount: Int

    package init(plainCount: Int, secretCount: Int) {
        self.plainCount = plainCount
        self.secretCount = secretCount
    }

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - length: the first four bytes, big-endian.
    ///   - plain: the next four, little-endian.
    ///   - limit: the most bytes that may follow the length field.
    /// - Throws: ``FrameError/tooLarge`` over the limit, ``FrameError/malformed`` where the plain part does not fit.
    package init(length: UInt32, plain: UInt32, limit: Int) throws(FrameError) {
        guard length <= limit else { throw .tooLarge }
        guard length >= 4, plain <= length - 4 else { throw .malformed }
        plainCount = Int(plain)
        secretCount = Int(length) - 4 - Int(plain)
    }

    /// Bytes of the whole frame, header included.
    package var frameCount: Int { Self.byteCount + plainCount + secretCount }

    /// The value of the first field: all that follows it.
    package var length: UInt32 { UInt32(frameCount - 4) }

    /// The eight bytes, in order.
    package var bytes: [UInt8] {
        let plain = UInt32(plainCount)
        return [
            UInt8(truncatingIfNeeded: length >> 24), UInt8(truncatingIfNeeded: length >> 16),
            UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length),
            UInt8(truncatingIfNeeded: plain), UInt8(truncatingIfNeeded: plain >> 8),
            UInt8(truncatingIfNeeded: plain >> 16), UInt8(truncatingIfNeeded: plain >> 24),
        ]
    }
}
