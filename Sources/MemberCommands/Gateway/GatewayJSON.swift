// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// JSON that a gateway sent, checked as strictly as a manifest and put on one line; numbers may have fractions.
struct GatewayJSON {
    /// Without white space around its tokens, which are as they came.
    let line: String

    /// - Returns: nil for what is not one JSON value in UTF-8, or has two members of one name.
    init?(_ body: [UInt8]) {
        var reader = TokenReader()
        guard reader.read(body.span), (try? JSONValue(parsing: reader.integers)) != nil,
            let line = String(validating: reader.line, as: UTF8.self)
        else { return nil }
        self.line = line
    }
}

/// Tells strings, numbers and all the rest apart.
private struct TokenReader {
    /// Without white space.
    private(set) var line: [UInt8] = []
    /// The same document with 0 for each number, because QuorumOS's JSON has integers only.
    private(set) var integers: [UInt8] = []

    /// - Returns: false for a number that is none (RFC 8259, section 6).
    mutating func read(_ body: borrowing Span<UInt8>) -> Bool {
        var position = 0
        while position < body.count {
            let start = position
            switch body[start] {
            case 0x20, 0x09, 0x0A, 0x0D:
                position += 1
                integers.append(body[start])
            case UInt8(ascii: "\""):
                position = Self.endOfString(from: start, in: body)
                for index in start..<position { append(body[index]) }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                while position < body.count, Self.isOfNumber(body[position]) { position += 1 }
                guard Self.isNumber(body.extracting(start..<position)) else { return false }
                for index in start..<position { line.append(body[index]) }
                integers.append(UInt8(ascii: "0"))
            default:
                position += 1
                append(body[start])
            }
        }
        return true
    }

    private mutating func append(_ byte: UInt8) {
        line.append(byte)
        integers.append(byte)
    }

    /// Past the closing quote, or the end where there is none.
    private static func endOfString(from start: Int, in body: borrowing Span<UInt8>) -> Int {
        var position = start + 1
        while position < body.count {
            if body[position] == UInt8(ascii: "\"") { return position + 1 }
            position += body[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return body.count
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || "+-.eE".utf8.contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isNumber(_ text: borrowing Span<UInt8>) -> Bool {
        var position = text[0] == UInt8(ascii: "-") ? 1 : 0
        let first = position
        guard skipDigits(in: text, &position), position == first + 1 || text[first] != UInt8(ascii: "0") else {
            return false
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            guard skipDigits(in: text, &position) else { return false }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < text.count, "+-".utf8.contains(text[position]) { position += 1 }
            guard skipDigits(in: text, &position) else { return false }
        }
        return position == text.count
    }

    /// - Returns: false where there is no digit.
    private static func skipDigits(in text: borrowing Span<UInt8>, _ position: inout Int) -> Bool {
        let start = position
        while position < text.count, isDigit(text[position]) { position += 1 }
        return position > start
    }
}
