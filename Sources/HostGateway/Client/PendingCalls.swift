// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// The calls of one connection that have no answer yet, and the bytes that wait to be written: a value, used under a lock.
struct PendingCalls {
    typealias Continuation = CheckedContinuation<EnclaveAnswer, any Error>

    private struct Call {
        let continuation: Continuation
        let deadline: NIODeadline
    }

    /// Bytes that may wait for an enclave that does not read.
    static let outgoingLimit = 8 * 1024 * 1024

    private var calls: [UInt64: Call] = [:]
    private var outgoing = ByteBuffer()
    private var bytesInFlight = 0
    private var isFlushScheduled = false

    /// Calls without an answer.
    var count: Int { calls.count }

    /// Registers a call and appends its frame.
    ///
    /// - Returns: whether the caller must schedule a flush.
    mutating func add(
        _ identifier: UInt64,
        _ continuation: Continuation,
        deadline: NIODeadline,
        frame: (inout ByteBuffer) -> Void
    ) -> Bool {
        calls[identifier] = Call(continuation: continuation, deadline: deadline)
        return append(frame)
    }

    /// Appends a frame that has no answer.
    ///
    /// - Returns: whether the caller must schedule a flush.
    mutating func append(_ frame: (inout ByteBuffer) -> Void) -> Bool {
        frame(&outgoing)
        defer { isFlushScheduled = true }
        return !isFlushScheduled
    }

    /// Whether so much waits already that one more frame is refused.
    var isFull: Bool { bytesInFlight + outgoing.readableBytes > Self.outgoingLimit }

    /// Takes all bytes that wait.
    mutating func takeOutgoing() -> ByteBuffer {
        let taken = outgoing
        outgoing = ByteBuffer()
        isFlushScheduled = false
        bytesInFlight += taken.readableBytes
        return taken
    }

    /// Notes that bytes have left.
    mutating func written(_ count: Int) {
        bytesInFlight -= count
    }

    /// Takes the call that an answer belongs to; `nil` where nobody waits any more.
    mutating func take(_ identifier: UInt64) -> Continuation? {
        calls.removeValue(forKey: identifier)?.continuation
    }

    /// Takes the calls whose deadline has passed.
    mutating func takeExpired(at now: NIODeadline) -> [(identifier: UInt64, continuation: Continuation)] {
        let expired = calls.filter { $0.value.deadline <= now }
        for identifier in expired.keys { calls[identifier] = nil }
        return expired.map { ($0.key, $0.value.continuation) }
    }

    /// Takes everything: the connection is gone.
    mutating func takeAll() -> [Continuation] {
        let all = calls.values.map(\.continuation)
        self = PendingCalls()
        return all
    }
}
