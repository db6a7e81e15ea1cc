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
        guard let member = member(name), !(nullable && member.kind == .null) else { return nil }
        let value = JSONWalker.Value(kind: member.kind, range: member.value)
        let decoded = try decode(value, path(name), atMost: count.upperBound)
        guard count.contains(decoded.count) else {
            let isOne = count.count == 1
            throw .outOfRange(
                path(name),
                expected: isOne ? "\(count.lowerBound) bytes" : "\(count.lowerBound) to \(count.upperBound) bytes")
        }
        return decoded
    }

    /// The bytes of a field that has so many or, to say nothing, none of them; nil when absent.
    ///
    /// Throws `wrong_type`, `bad_encoding`, or `out_of_range` for bytes of another number.
    func bytesOrNone(_ name: String, count: Int) throws(RequestError) -> [UInt8]? {
        guard let member = member(name) else { return nil }
        return try bytesOrNone(JSONWalker.Value(kind: member.kind, range: member.value), path(name), count: count)
    }

    /// The elements of a list of so many, each of which has `count` bytes or none; nil when absent.
    ///
    /// Throws `wrong_type`, `bad_encoding`, or `out_of_range` for another number of bytes or elements.
    func bytesOrNone(inList name: String, of length: Int, count: Int) throws(RequestError) -> [[UInt8]]? {
        guard let elements = try elements(name, "a list of byte values", atMost: length) else { return nil }
        guard elements.count == length else { throw .outOfRange(path(name), expected: "a list of \(length)") }
        var list: [[UInt8]] = []
        for (index, element) in elements.enumerated() {
            list.append(try bytesOrNone(element, "\(path(name))[\(index)]", count: count))
        }
        return list
    }

    private func bytesOrNone(
        _ value: JSONWalker.Value, _ path: @autoclosure () -> String, count: Int
    ) throws(RequestError) -> [UInt8] {
        let decoded = try decode(value, path(), atMost: count)
        guard decoded.isEmpty || decoded.count == count else {
            throw .outOfRange(path(), expected: "\(count) bytes, or none")
        }
        return decoded
    }

    // Ways to a field are made only for errors: a ceremony has a thousand fields of bytes.

    /// The bytes of a value in any of their forms; of a list at most one more than `limit` of them.
    private func decode(
        _ value: JSONWalker.Value, _ path: @autoclosure () -> String, atMost limit: Int
    ) throws(RequestError) -> [UInt8] {
        switch value.kind {
        case .array:
            return try integers(value.range, path(), atMost: limit)
        case .string:
            let text = JSONText(string: value.range).unescaped(in: bytes.readableBytesUInt8Span)
            guard let bytes = ByteText.decode(text) else {
                throw .badEncoding(path(), expected: "hex of an even number of digits, or base64 after \"base64:\"")
            }
            return bytes
        default:
            throw .wrongType(path(), expected: "a list of integers, a string of hex, or one of base64")
        }
    }

    /// The bytes of a list, or one more than `limit` of them.
    private func integers(
        _ range: Range<Int>, _ path: @autoclosure () -> String, atMost limit: Int
    ) throws(RequestError) -> [UInt8] {
        let span = bytes.readableBytesUInt8Span
        var walker = JSONWalker(in: range)
        var result: [UInt8] = []
        // Two characters a byte at least: a short list takes no room for a long one.
        result.reserveCapacity(min(limit + 1, range.count / 2))
        while result.count <= limit, let element = walker.nextElement(span) {
            guard element.kind == .number else { throw .wrongType(path(), expected: "a list of integers") }
            switch JSONInteger(readingShort: span, element.range) {
            case .value(let value):
                guard let byte = UInt8(exactly: value) else { throw noByte(path()) }
                result.append(byte)
            case .beyond64Bits: throw noByte(path())
            case .fractional: throw .wrongType(path(), expected: "a list of integers")
            }
        }
        return result
    }

    private func noByte(_ path: String) -> RequestError {
        .badEncoding(path, expected: "a list of integers from 0 to 255")
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
