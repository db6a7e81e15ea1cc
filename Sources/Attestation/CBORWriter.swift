// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Writes CBOR (RFC 8949) value by value: definite lengths, each number in its shortest form.
///
/// What is announced must follow: `array(count:)` that many values, `map(count:)` that many keys with their values, and
/// `tag(_:)` one value.
package struct CBORWriter: Sendable {
    /// What was written.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// An integer that is not negative.
    package mutating func unsigned(_ value: UInt64) {
        head(.unsigned, value)
    }

    /// A byte string.
    package mutating func bytes(_ value: [UInt8]) {
        head(.bytes, UInt64(value.count))
        bytes += value
    }

    /// A text string.
    package mutating func text(_ value: String) {
        head(.text, UInt64(value.utf8.count))
        bytes += value.utf8
    }

    /// What stands for nothing.
    package mutating func null() {
        bytes.append(CBORSimple.null)
    }

    /// `true` or `false`.
    package mutating func bool(_ value: Bool) {
        bytes.append(value ? CBORSimple.true : CBORSimple.false)
    }

    /// The beginning of an array.
    package mutating func array(count: Int) {
        head(.array, UInt64(count))
    }

    /// The beginning of a map.
    package mutating func map(count: Int) {
        head(.map, UInt64(count))
    }

    /// What says something of the next value.
    package mutating func tag(_ number: UInt64) {
        head(.tag, number)
    }

    private mutating func head(_ kind: CBORKind, _ argument: UInt64) {
        let kindBits = kind.rawValue << 5
        switch argument {
        case 0..<24:
            bytes.append(kindBits | UInt8(argument))
        case 24..<(1 << 8):
            append(kindBits | 24, argument, byteCount: 1)
        case (1 << 8)..<(1 << 16):
            append(kindBits | 25, argument, byteCount: 2)
        case (1 << 16)..<(1 << 32):
            append(kindBits | 26, argument, byteCount: 4)
        default:
            append(kindBits | 27, argument, byteCount: 8)
        }
    }

    private mutating func append(_ first: UInt8, _ argument: UInt64, byteCount: Int) {
        bytes.append(first)
        for place in (0..<byteCount).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: argument >> (8 * UInt64(place))))
        }
    }
}
