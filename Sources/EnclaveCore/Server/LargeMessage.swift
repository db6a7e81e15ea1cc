// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A message that the receive buffer cannot hold, gathered in ordinary memory as it arrives: it carries no secrets.
///
/// A connection has at most one at a time, of at most the limit on frames. Together they can take that limit times
/// `Limits.connections`: 17 MiB, unless `MAX_BODY_BYTES` says otherwise.
struct LargeMessage {
    private var bytes: [UInt8] = []

    /// Makes room, once: the limit has been checked, and pages that nothing is written to cost nothing.
    mutating func begin(count: Int) {
        bytes = []
        bytes.reserveCapacity(count)
    }

    /// Adds what has arrived of it.
    mutating func append(_ part: borrowing Span<UInt8>) {
        unsafe part.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Gives the message away, so that its memory is free as soon as it has been handled.
    mutating func finish() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}
