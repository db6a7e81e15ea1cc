// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// A large locked buffer of its own: what a connection reads into and writes from, and where a worker normalises.
///
/// It has one user at a time, who fills it from the front; ``wipe(_:)`` zeroes what has been used up.
@safe package struct SecretBuffer: ~Copyable, @unchecked Sendable {
    // Sendable: one owner, as with SecretBytes.
    private let region: LockedRegion
    /// The region's first byte; the optimiser of Swift 6.3 does not bear a span made through `region` itself.
    private let base: UnsafeMutablePointer<UInt8>

    /// Capacity in bytes.
    package let count: Int

    /// - Throws: ``SecretMemoryError/notLocked(bytes:errno:)``.
    package init(count: Int) throws(SecretMemoryError) {
        region = try LockedRegion(count: count)
        unsafe base = region.base
        self.count = count
    }

    /// Lends all bytes for reading.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe Span(_unsafeStart: UnsafePointer(base), count: count))
    }

    /// Lends all bytes for writing.
    package mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = unsafe MutableSpan(_unsafeStart: base, count: count)
        return try body(&span)
    }

    /// Zeroes a part.
    package mutating func wipe(_ range: Range<Int>) {
        let part = range.clamped(to: 0..<count)
        unsafe sodium_memzero(base + part.lowerBound, part.count)
    }

    /// Moves `range` to the front and zeroes what it leaves behind.
    package mutating func moveToFront(_ range: Range<Int>) {
        let part = range.clamped(to: 0..<count)
        guard part.lowerBound > 0 else { return }
        unsafe UnsafeMutableRawPointer(base).copyMemory(
            from: UnsafeRawPointer(base + part.lowerBound),
            byteCount: part.count
        )
        wipe(part.count..<part.upperBound)
    }
}
