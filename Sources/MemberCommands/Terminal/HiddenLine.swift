// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A line typed without echo, with the few editing keys that people use blindly.
///
/// Backspace takes back one code point, Ctrl-U everything, Ctrl-C and Ctrl-D on an empty line give up.
struct HiddenLine {
    /// UTF-8 as far as it was typed.
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    /// - Parameter limit: The most bytes to accept.
    init(limit: Int) {
        self.limit = limit
        // So that the line never moves and leaves its beginning behind.
        bytes.reserveCapacity(limit)
    }

    /// Takes the next byte from the terminal.
    ///
    /// - Returns: Whether the line is complete.
    mutating func take(_ byte: UInt8) throws(SecretInputError) -> Bool {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            return true
        case 0x03: // Ctrl-C
            throw .cancelled
        case 0x04: // Ctrl-D
            if bytes.isEmpty { throw .cancelled }
            return true
        case 0x08, 0x7F: // Backspace, as either kind of terminal sends it
            takeBackCodePoint()
        case 0x15: // Ctrl-U
            erase()
        case UInt8(ascii: "\t"), 0x20...:
            guard bytes.count < limit else { throw .tooLarge }
            bytes.append(byte)
        default:
            throw .controlCharacter
        }
        return false
    }

    /// Forgets what was typed.
    mutating func erase() {
        bytes.erase()
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func takeBackCodePoint() {
        while let last = bytes.last {
            bytes[bytes.count - 1] = 0
            bytes.removeLast()
            // UTF-8: continuation bytes are 10xxxxxx.
            if last & 0b1100_0000 != 0b1000_0000 { return }
        }
    }
}
