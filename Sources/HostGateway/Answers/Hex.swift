// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore

/// Lower-case hexadecimal, straight into the bytes of an answer.
enum Hex {
    static func write(_ bytes: ByteBuffer, to buffer: inout ByteBuffer) {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * bytes.readableBytes)
        for byte in bytes.readableBytesView {
            digits.append(digit(byte >> 4))
            digits.append(digit(byte & 15))
        }
        buffer.writeBytes(digits)
    }

    /// The digits of bytes that are no secret.
    static func encode(_ bytes: [UInt8]) -> String {
        var buffer = ByteBuffer()
        write(ByteBuffer(bytes: bytes), to: &buffer)
        return String(buffer: buffer)
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
