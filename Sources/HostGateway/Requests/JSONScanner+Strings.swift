// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension JSONScanner {
    /// Reads a string, from its opening quote to past the closing one, and says where its text lies.
    mutating func text(_ bytes: Span<UInt8>) throws(RequestError) -> JSONText {
        position += 1
        let start = position
        var isEscaped = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return JSONText(range: start..<position - 1, isEscaped: isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape(bytes)
            case 0..<0x20:
                throw unexpected(bytes)
            case 0x20..<0x80:
                position += 1
            default:
                try multibyteSequence(bytes)
            }
        }
        throw unexpected(bytes)
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(RequestError) {
        position += 1
        guard position < bytes.count else { throw unexpected(bytes) }
        switch bytes[position] {
        case UInt8(ascii: "u"):
            try unicodeEscape(bytes)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default:
            throw unexpected(bytes)
        }
    }

    /// Reads `uXXXX`, and the second half with it where the first is half of a surrogate pair.
    private mutating func unicodeEscape(_ bytes: Span<UInt8>) throws(RequestError) {
        switch try fourHexDigits(bytes) {
        case 0xD800...0xDBFF:
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw loneSurrogate }
            position += 1
            guard case 0xDC00...0xDFFF = try fourHexDigits(bytes) else { throw loneSurrogate }
        case 0xDC00...0xDFFF:
            throw loneSurrogate
        default:
            return
        }
    }

    private mutating func fourHexDigits(_ bytes: Span<UInt8>) throws(RequestError) -> UInt32 {
        position += 1
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = JSONText.hexDigit(bytes[position]) else {
                throw unexpected(bytes)
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private var loneSurrogate: RequestError {
        RequestError(
            .invalidJSON,
            message: "The body is not valid JSON: half a surrogate pair ends at offset \(position).")
    }

    /// Reads one character of two to four bytes; the ranges are those of table 3-7 of the Unicode standard, which
    /// leave out overlong forms, surrogates and what is above U+10FFFF.
    private mutating func multibyteSequence(_ bytes: Span<UInt8>) throws(RequestError) {
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch bytes[position] {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: throw notUTF8
            }
        guard bytes.count - position >= length, second.contains(bytes[position + 1]) else { throw notUTF8 }
        for offset in 2..<length {
            guard bytes[position + offset] & 0xC0 == 0x80 else { throw notUTF8 }
        }
        position += length
    }

    private var notUTF8: RequestError {
        RequestError(.invalidJSON, message: "The body is not UTF-8 at offset \(position).")
    }
}
