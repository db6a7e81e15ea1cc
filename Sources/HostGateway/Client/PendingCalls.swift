// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// The calls of one connection that have no answer yet, and the bytes that wait to be written.
struct PendingCalls {
    typealias Completion = (EnclaveCall.Outcome) -> Void

    private struct Entry {
        let completion: Completion
        let deadline: NIODeadline
    }

    /// Bytes that may wait for an enclave that does not read.
    static let outgoingLimit = 8 * 1024 * 1024

    private var entries: [UInt64: Entry] = [:]
    private var outgoing = ByteBuffer()
    private var bytesInFlight = 0

    /// Whether nothing waits to be written.
    var hasNothingToWrite: Bool { outgoing.readableBytes == 0 }

    /// Whether so much waits already that one more frame is refused.
    var isFull: Bool { bytesInFlight + outgoing.readableBytes > Self.outgoingLimit }

    /// Registers a call.
    mutating func add(_ identifier: UInt64, deadline: NIODeadline, _ completion: @escaping Completion) {
        entries[identifier] = Entry(completion: completion, deadline: deadline)
    }

    /// Appends a frame.
    mutating func append(_ header: FrameHeader, _ plain: [UInt8], _ secrets: [RedactedText] = []) {
        outgoing.writeBytes(header.bytes)
        outgoing.writeBytes(plain)
        for secret in secrets { outgoing.writeBytes(secret.bytes) }
    }

    /// Takes all bytes that wait.
    mutating func takeOutgoing() -> ByteBuffer {
        let taken = outgoing
        outgoing = ByteBuffer()
        bytesInFlight += taken.readableBytes
        return taken
    }

    /// Notes that bytes have left.
    mutating func written(_ count: Int) {
        bytesInFlight -= count
    }

    /// Takes the call that an answer belongs to; `nil` where nobody waits any more.
    mutating func take(_ identifier: UInt64) -> Completion? {
        entries.removeValue(forKey: identifier)?.completion
    }

    /// Takes the calls whose deadline has passed.
    mutating func takeExpired(at now: NIODeadline) -> [(identifier: UInt64, completion: Completion)] {
        let expired = entries.filter { $0.value.deadline <= now }
        for identifier in expired.keys { entries[identifier] = nil }
        return expired.map { ($0.key, $0.value.completion) }
    }

    /// Takes everything: the connection is gone.
    mutating func takeAll() -> [Completion] {
        let all = entries.values.map(\.completion)
        self = PendingCalls()
        return all
    }
}
