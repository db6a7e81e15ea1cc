// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// How many requests may be at the enclave at a time, and how many more may wait for their turn.
final class Admission: Sendable {
    /// What becomes of a request that asks to enter.
    enum Entry: Equatable, Sendable {
        /// It may go on, and must leave when it is done.
        case admitted
        /// It is called when its turn comes; until then it can withdraw by its number.
        case queued(UInt64)
        /// The queue is full.
        case refused
    }

    private struct Waiter {
        let number: UInt64
        let start: @Sendable () -> Void
    }

    private struct State {
        var inFlight = 0
        var waiting: [Waiter] = []
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let inFlightLimit: Int
    private let queueLimit: Int

    /// - Parameters:
    ///   - inFlightLimit: `MAX_IN_FLIGHT`.
    ///   - queueLimit: `QUEUE_LENGTH`.
    init(inFlightLimit: Int, queueLimit: Int) {
        self.inFlightLimit = inFlightLimit
        self.queueLimit = queueLimit
    }

    /// Enters if there is a place; else the request can queue.
    func tryToEnter() -> Bool {
        state.withLock { state in
            guard state.inFlight < inFlightLimit else { return false }
            state.inFlight += 1
            return true
        }
    }

    /// Asks to enter as soon as there is a place.
    ///
    /// - Parameter start: called from any thread when a queued request's turn comes; it has then been admitted.
    func enter(_ start: @escaping @Sendable () -> Void) -> Entry {
        state.withLock { state in
            if state.inFlight < inFlightLimit {
                state.inFlight += 1
                return .admitted
            }
            guard state.waiting.count < queueLimit else { return .refused }
            state.lastNumber += 1
            state.waiting.append(Waiter(number: state.lastNumber, start: start))
            return .queued(state.lastNumber)
        }
    }

    /// Gives a place in the queue up.
    ///
    /// - Returns: false where the turn had come already: the request has been admitted and must leave.
    func withdraw(_ number: UInt64) -> Bool {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return false }
            state.waiting.remove(at: index)
            return true
        }
    }

    /// Hands the place to the next in the queue.
    func leave() {
        let next = state.withLock { state -> Waiter? in
            if state.waiting.isEmpty {
                state.inFlight -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.start()
    }
}
