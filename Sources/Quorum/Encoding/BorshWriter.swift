// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Writes Borsh, version 1.
///
/// The bytes lie in ordinary memory: it is for what is public, never for a secret.
package struct BorshWriter {
    /// What was written so far.
    package private(set) var bytes: [UInt8] = []

    package init() {}
}

// MARK: Integers

extension BorshWriter {
    /// One byte.
    package mutating func u8(_ value: UInt8) { bytes.append(value) }

    /// Two bytes, little-endian.
    package mutating func u16(_ value: UInt16) { integer(value) }

    /// Four bytes, little-endian.
    package mutating func u32(_ value: UInt32) { integer(value) }

    /// Eight bytes, little-endian.
    package mutating func u64(_ value: UInt64) { integer(value) }

    private mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
        for place in 0..<Value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place)))
        }
    }
}

// MARK: Other values

extension BorshWriter {
    /// One byte, 00 or 01.
    package mutating func bool(_ value: Bool) { u8(value ? 1 : 0) }

    /// The bytes, without a length before them.
    package mutating func fixed(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    /// Four bytes of length, then the bytes.
    package mutating func bytes(_ value: [UInt8]) {
        length(value.count)
        fixed(value)
    }

    /// Four bytes of length in bytes, then the text in UTF-8.
    package mutating func string(_ value: String) {
        length(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    /// 00 for nothing, or 01 and then the value.
    package mutating func optional<Value>(_ value: Value?, _ write: (inout BorshWriter, Value) -> Void) {
        bool(value != nil)
        if let value { write(&self, value) }
    }

    /// Four bytes of count, then the elements.
    package mutating func array<Element>(_ elements: [Element], _ write: (inout BorshWriter, Element) -> Void) {
        length(elements.count)
        for element in elements { write(&self, element) }
    }

    /// Nothing that was read comes near 4 GiB, where this would stop the process rather than write a wrong length.
    private mutating func length(_ count: Int) { u32(UInt32(count)) }
}
