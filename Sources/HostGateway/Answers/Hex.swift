// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore

/// Lower-case hexadecimal, straight into the bytes of an answer.
enum Hex {
    static func write(_ bytes: ByteBuffer, to buffer: inout ByteBuffer) {
        buffer.reserveCapacity(minimumWritableBytes: 2 * bytes.readableBytes)
        for byte in bytes.readableBytesView {
            buffer.writeInteger(digit(byte >> 4))
            buffer.writeInteger(digit(byte & 15))
        }
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
