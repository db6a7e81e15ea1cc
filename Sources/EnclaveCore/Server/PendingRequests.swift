// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization

/// The costly requests of one connection that have not been answered: what a cancellation or a lost peer can spare.
final class PendingRequests: Sendable {
    /// Whether anybody still waits for a request.
    final class Ticket: Sendable {
        private let cancelled = Atomic(false)
        private let deadline: ContinuousClock.Instant

        init(deadline: ContinuousClock.Instant) {
            self.deadline = deadline
        }

        func cancel() {
            cancelled.store(true, ordering: .relaxed)
        }

        /// False once the caller has left or the deadline has passed.
        var isAwaited: Bool {
            !cancelled.load(ordering: .relaxed) && ContinuousClock.now < deadline
        }
    }

    private let tickets = Mutex<[UInt64: Ticket]>([:])

    /// Registers a request from its head.
    func enter(_ head: RequestHead) -> Ticket {
        let ticket = Ticket(deadline: .now + .milliseconds(Int(head.deadlineMilliseconds)))
        tickets.withLock { $0[head.identifier] = ticket }
        return ticket
    }

    func leave(_ identifier: UInt64) {
        _ = tickets.withLock { $0.removeValue(forKey: identifier) }
    }

    func cancel(_ identifier: UInt64) {
        tickets.withLock { $0[identifier] }?.cancel()
    }

    /// Whether every request has been answered.
    var isEmpty: Bool {
        tickets.withLock { $0.isEmpty }
    }

    func cancelAll() {
        tickets.withLock { $0.values.forEach { $0.cancel() } }
    }
}
