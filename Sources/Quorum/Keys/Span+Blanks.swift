// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Span<UInt8> {
    /// Where the text lies, without ASCII white space around it.
    package var rangeWithoutBlanks: Range<Int> {
        var start = 0
        var end = count
        while start < end, self[start].isBlank { start += 1 }
        while start < end, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}

extension UInt8 {
    /// Whether it is ASCII white space.
    package var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
