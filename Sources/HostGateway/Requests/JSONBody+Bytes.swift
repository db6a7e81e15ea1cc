// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore

// MARK: Byte fields

extension JSONBody {
    /// The bytes of a field, nil when absent: a list of integers from 0 to 255, a string of hexadecimal digits, or one
    /// of base64 that begins with `base64:`. They never become a `String`.
    ///
    /// Throws `wrong_type`, `bad_encoding`, or `out_of_range` for bytes of another number.
    func bytes(
        _ name: String,
        count: ClosedRange<Int>,
        nullable: Bool = false
    ) throws(RequestError) -> [UInt8]? {
        guard let member = member(name) else { return nil }
        let decoded: [UInt8]
        switch member.kind {
        case .null where nullable:
            return nil
        case .array:
            decoded = try integers(member.value, name, atMost: count.upperBound)
        case .string:
            let text = JSONText(string: member.value).unescaped(in: bytes.readableBytesUInt8Span)
            guard let bytes = ByteText.decode(text) else {
                throw .badEncoding(path(name), expected: "hex of an even number of digits, or base64 after \"base64:\"")
            }
            decoded = bytes
        default:
            throw .wrongType(path(name), expected: "a list of integers, a string of hex, or one of base64")
        }
        guard count.contains(decoded.count) else {
            let isOne = count.count == 1
            throw .outOfRange(
                path(name),
                expected: isOne ? "\(count.lowerBound) bytes" : "\(count.lowerBound) to \(count.upperBound) bytes")
        }
        return decoded
    }

    /// The bytes of a list, or one more than `limit` of them.
    private func integers(_ range: Range<Int>, _ name: String, atMost limit: Int) throws(RequestError) -> [UInt8] {
        let span = bytes.readableBytesUInt8Span
        var walker = JSONWalker(in: range)
        var result: [UInt8] = []
        // Two characters a byte at least: a short list takes no room for a long one.
        result.reserveCapacity(min(limit + 1, range.count / 2))
        while result.count <= limit, let element = walker.nextElement(span) {
            guard element.kind == .number else { throw .wrongType(path(name), expected: "a list of integers") }
            switch JSONInteger(readingShort: span, element.range) {
            case .value(let value):
                guard let byte = UInt8(exactly: value) else { throw noByte(name) }
                result.append(byte)
            case .beyond64Bits: throw noByte(name)
            case .fractional: throw .wrongType(path(name), expected: "a list of integers")
            }
        }
        return result
    }

    private func noByte(_ name: String) -> RequestError {
        .badEncoding(path(name), expected: "a list of integers from 0 to 255")
    }
}

extension JSONInteger {
    /// Reads a number, the usual one of up to three digits without further ado.
    fileprivate init(readingShort bytes: Span<UInt8>, _ range: Range<Int>) {
        var value: Int64 = 0
        for position in range {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9, range.count <= 3 else {
                self.init(reading: bytes.extracting(range))
                return
            }
            value = value * 10 + Int64(digit)
        }
        self = .value(value)
    }
}
