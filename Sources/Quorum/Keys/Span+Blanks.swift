// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Span<UInt8> {
    /// Where the text lies, without ASCII white space around it.
    var rangeWithoutBlanks: Range<Int> {
        var start = 0
        var end = count
        while start < end, Self.isBlank(self[start]) { start += 1 }
        while start < end, Self.isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
