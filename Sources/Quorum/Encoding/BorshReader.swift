// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Reads Borsh, version 1, from first byte to last.
///
/// Everything comes as a copy in ordinary memory: it is for what is public, never for a secret.
package struct BorshReader {
    private let source: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) {
        source = bytes
    }

    /// How many bytes are not read yet.
    package var remaining: Int { source.count - position }

    /// Ends the reading.
    ///
    /// - Throws: `malformedBorsh` where bytes are left.
    package func finish() throws(QuorumError) {
        guard remaining == 0 else { throw .malformedBorsh }
    }
}

// MARK: Integers

extension BorshReader {
    /// One byte.
    package mutating func u8() throws(QuorumError) -> UInt8 {
        guard remaining > 0 else { throw .malformedBorsh }
        defer { position += 1 }
        return source[position]
    }

    /// Two bytes, little-endian.
    package mutating func u16() throws(QuorumError) -> UInt16 { try integer() }

    /// Four bytes, little-endian.
    package mutating func u32() throws(QuorumError) -> UInt32 { try integer() }

    /// Eight bytes, little-endian.
    package mutating func u64() throws(QuorumError) -> UInt64 { try integer() }

    private mutating func integer<Value: FixedWidthInteger>() throws(QuorumError) -> Value {
        var value: Value = 0
        for (place, byte) in try fixed(Value.bitWidth / 8).enumerated() {
            value |= Value(byte) << (8 * place)
        }
        return value
    }
}

// MARK: Other values

extension BorshReader {
    /// One byte, 00 or 01.
    package mutating func bool() throws(QuorumError) -> Bool {
        switch try u8() {
        case 0: false
        case 1: true
        default: throw .malformedBorsh
        }
    }

    /// As many bytes as asked for, without a length before them.
    package mutating func fixed(_ count: Int) throws(QuorumError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .malformedBorsh }
        defer { position += count }
        return Array(source[position..<position + count])
    }

    /// Four bytes of length, then the bytes.
    package mutating func bytes() throws(QuorumError) -> [UInt8] {
        try fixed(length())
    }

    /// Four bytes of length in bytes, then text in UTF-8.
    package mutating func string() throws(QuorumError) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else { throw .malformedBorsh }
        return text
    }

    /// 00 for nothing, or 01 and then a value.
    package mutating func optional<Value>(
        _ read: (inout BorshReader) throws(QuorumError) -> Value
    ) throws(QuorumError) -> Value? {
        try bool() ? try read(&self) : nil
    }

    /// Four bytes of count, then the elements.
    ///
    /// - Parameter minimumBytes: what one element takes at least. A count that the bytes left cannot hold is refused
    ///   before any element is read.
    package mutating func array<Element>(
        minimumBytes: Int, _ read: (inout BorshReader) throws(QuorumError) -> Element
    ) throws(QuorumError) -> [Element] {
        let count = try length()
        guard count <= remaining / max(minimumBytes, 1) else { throw .malformedBorsh }
        var elements: [Element] = []
        // Nothing is reserved: elements may be larger in memory than they are in Borsh.
        for _ in 0..<count {
            elements.append(try read(&self))
        }
        return elements
    }

    private mutating func length() throws(QuorumError) -> Int {
        guard let length = Int(exactly: try u32()) else { throw .malformedBorsh }
        return length
    }
}
