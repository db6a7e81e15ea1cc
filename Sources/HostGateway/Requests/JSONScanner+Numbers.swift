// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension JSONScanner {
    /// Reads a number by the grammar of RFC 8259, section 6; its value is left to ``JSONInteger``.
    mutating func number(_ bytes: Span<UInt8>) throws(RequestError) {
        if next(bytes) == UInt8(ascii: "-") { position += 1 }
        if next(bytes) == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits(bytes)
        }
        if next(bytes) == UInt8(ascii: ".") {
            position += 1
            try digits(bytes)
        }
        if let byte = next(bytes), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = next(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits(bytes)
        }
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(RequestError) {
        let start = position
        while let byte = next(bytes), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        guard position > start else { throw unexpected(bytes) }
    }

    private func next(_ bytes: Span<UInt8>) -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }
}
