// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension [UInt8] {
    /// Appends a text such that it stays within its line: a backslash, control characters, line and paragraph
    /// separators and the invisible characters that turn the reading direction become escapes, in JSON's spelling
    /// (RFC 8259, section 7).
    ///
    /// - Parameters:
    ///   - quotes: whether `"` is escaped too.
    ///   - limit: how many bytes the escaped text may have; a longer one is cut between two characters, and `…`
    ///     says so.
    mutating func appendEscaped(_ text: String, quotes: Bool, limit: Int) {
        if text.utf8.count <= limit && text.utf8.allSatisfy({ Self.isPlain($0, quotes: quotes) }) {
            append(contentsOf: text.utf8)
            return
        }
        let start = count
        for scalar in text.unicodeScalars {
            let end = count
            appendEscaped(scalar, quotes: quotes)
            guard count - start <= limit else {
                removeLast(count - end)
                append(contentsOf: "…".utf8)
                return
            }
        }
    }

    /// Appends a text as a JSON string.
    mutating func appendQuoted(_ text: String, limit: Int) {
        append(UInt8(ascii: "\""))
        appendEscaped(text, quotes: true, limit: limit)
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ scalar: Unicode.Scalar, quotes: Bool) {
        switch scalar {
        case "\n": append(contentsOf: "\\n".utf8)
        case "\r": append(contentsOf: "\\r".utf8)
        case "\t": append(contentsOf: "\\t".utf8)
        case "\\": append(contentsOf: "\\\\".utf8)
        case "\"" where quotes: append(contentsOf: "\\\"".utf8)
        default:
            if Self.needsNumber(scalar) {
                scalar.utf16.forEach { appendNumber($0) }
            } else {
                append(contentsOf: scalar.utf8)
            }
        }
    }

    /// `\u` and four hexadecimal digits.
    private mutating func appendNumber(_ unit: UInt16) {
        let digits = Array("0123456789abcdef".utf8)
        append(contentsOf: "\\u".utf8)
        for shift in [12, 8, 4, 0] {
            append(digits[Int(unit >> UInt16(shift) & 0xF)])
        }
    }

    private static func needsNumber(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    private static func isPlain(_ byte: UInt8, quotes: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "\\"): false
        case UInt8(ascii: "\""): !quotes
        default: (0x20...0x7E).contains(byte)
        }
    }
}
