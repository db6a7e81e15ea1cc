// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Bytes are not the CBOR that was asked for.
package enum CBORError: Error, Equatable, Sendable {
    /// A value is of another kind or length, has more bytes than there are, is not written in its one form, or is
    /// followed by more.
    case malformed
}

/// Reads CBOR (RFC 8949) value by value, from first byte to last.
///
/// Strictly: every length and integer has its shortest form, strings come in one piece, text is UTF-8, and only a map
/// may have an indefinite length, where the caller allows it. No number that is read reserves memory. That no key
/// occurs twice is for the caller to see to, who knows what keys there are.
package struct CBORReader: Sendable {
    private let source: [UInt8]
    private var position = 0

    /// Begins with the first of the bytes.
    package init(_ bytes: [UInt8]) {
        source = bytes
    }

    /// How many bytes are not read yet.
    package var remaining: Int { source.count - position }

    /// Ends the reading.
    ///
    /// - Throws: `malformed` where bytes are left.
    package func finish() throws(CBORError) {
        guard remaining == 0 else { throw .malformed }
    }
}

// MARK: Single values

extension CBORReader {
    /// An integer that is not negative.
    package mutating func unsigned() throws(CBORError) -> UInt64 {
        try argument(of: .unsigned)
    }

    /// A byte string.
    ///
    /// - Parameter counts: how many bytes it may have.
    package mutating func bytes(_ counts: ClosedRange<Int> = 0...Int.max) throws(CBORError) -> [UInt8] {
        Array(try string(.bytes, counts))
    }

    /// A text string.
    ///
    /// - Parameter counts: how many bytes it may have in UTF-8.
    package mutating func text(_ counts: ClosedRange<Int> = 0...Int.max) throws(CBORError) -> String {
        guard let text = String(validating: try string(.text, counts), as: UTF8.self) else { throw .malformed }
        return text
    }

    /// `true` or `false`.
    package mutating func bool() throws(CBORError) -> Bool {
        if take(CBORSimple.true) { return true }
        guard take(CBORSimple.false) else { throw .malformed }
        return false
    }

    /// Reads `null` where that comes next; otherwise reads nothing and is false.
    package mutating func takeNull() -> Bool {
        take(CBORSimple.null)
    }

    /// Reads a tag where that one comes next; otherwise reads nothing and is false.
    package mutating func takeTag(_ number: UInt64) -> Bool {
        var ahead = self
        guard let tag = try? ahead.argument(of: .tag), tag == number else { return false }
        self = ahead
        return true
    }

    private mutating func string(
        _ kind: CBORKind, _ counts: ClosedRange<Int>
    ) throws(CBORError) -> ArraySlice<UInt8> {
        guard let count = Int(exactly: try argument(of: kind)), count <= remaining, counts.contains(count) else {
            throw .malformed
        }
        defer { position += count }
        return source[position..<position + count]
    }
}

// MARK: Arrays and maps

extension CBORReader {
    /// The elements of an array, or the entries of a map, that are not read yet.
    package struct Items: Sendable {
        /// `nil` for an indefinite length: then a byte of its own says where it ends.
        fileprivate var left: Int?
    }

    /// The beginning of an array; `next(of:)` tells whether there is another element to be read.
    ///
    /// - Parameter counts: how many elements it may have.
    package mutating func array(_ counts: ClosedRange<Int> = 0...Int.max) throws(CBORError) -> Items {
        Items(left: try count(of: .array, counts, eachAtLeast: 1))
    }

    /// The beginning of a map; `next(of:)` tells whether there is another key and value to be read.
    ///
    /// - Parameters:
    ///   - counts: how many entries it may have; those of an indefinite length are not counted.
    ///   - mayBeIndefinite: whether its length may be indefinite.
    package mutating func map(
        _ counts: ClosedRange<Int> = 0...Int.max, mayBeIndefinite: Bool = false
    ) throws(CBORError) -> Items {
        if mayBeIndefinite, take(CBORSimple.indefiniteMap) { return Items(left: nil) }
        return Items(left: try count(of: .map, counts, eachAtLeast: 2))
    }

    /// Whether an element or entry is left; it is to be read before this is asked again.
    package mutating func next(of items: inout Items) throws(CBORError) -> Bool {
        guard let left = items.left else {
            guard remaining > 0 else { throw .malformed }
            guard take(CBORSimple.end) else { return true }
            items.left = 0
            return false
        }
        guard left > 0 else { return false }
        items.left = left - 1
        return true
    }

    /// - Parameter bytes: what one item takes at least. A count that the bytes left cannot hold is refused at once.
    private mutating func count(
        of kind: CBORKind, _ counts: ClosedRange<Int>, eachAtLeast bytes: Int
    ) throws(CBORError) -> Int {
        guard let count = Int(exactly: try argument(of: kind)), count <= remaining / bytes, counts.contains(count)
        else {
            throw .malformed
        }
        return count
    }
}

// MARK: What begins a value

extension CBORReader {
    /// The number that comes with a value's kind: an integer itself, a tag's number, a length or a count.
    private mutating func argument(of kind: CBORKind) throws(CBORError) -> UInt64 {
        guard remaining > 0, source[position] >> 5 == kind.rawValue else { throw .malformed }
        let short = source[position] & 31
        position += 1
        switch short {
        case 0..<24: return UInt64(short)
        case 24: return try integer(bytes: 1, notBelow: 24)
        case 25: return try integer(bytes: 2, notBelow: 1 << 8)
        case 26: return try integer(bytes: 4, notBelow: 1 << 16)
        case 27: return try integer(bytes: 8, notBelow: 1 << 32)
        default: throw .malformed
        }
    }

    private mutating func integer(bytes count: Int, notBelow least: UInt64) throws(CBORError) -> UInt64 {
        guard count <= remaining else { throw .malformed }
        let value = source[position..<position + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value >= least else { throw .malformed }
        position += count
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard remaining > 0, source[position] == byte else { return false }
        position += 1
        return true
    }
}
