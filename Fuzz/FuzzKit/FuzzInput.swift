// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The bytes that the fuzzer made up for one run, taken from the front.
package struct FuzzInput {
    /// What has not been taken.
    package private(set) var rest: ArraySlice<UInt8>

    /// Copies the fuzzer's bytes, which it keeps for the length of the call only.
    package init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        // Unsafe: the fuzzer's promise that there are so many bytes.
        rest = unsafe Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    /// The next byte, 0 where there is none.
    package mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }

    /// The next two bytes, little-endian.
    package mutating func integer() -> UInt16 {
        let low = byte()
        return UInt16(low) | UInt16(byte()) << 8
    }

    /// The next bytes, fewer where there are not so many.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
