// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// How many requests may be at the enclave at a time, and how many more may wait for their turn.
final class Admission: Sendable {
    private struct Waiter {
        let identifier: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var inFlight = 0
        var waiting: [Waiter] = []
        var nextIdentifier: UInt64 = 0
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

    /// Runs `work` when its turn has come.
    ///
    /// - Throws: ``RequestError/Reason/busy`` where the queue is full.
    func run<Result>(_ work: () async throws -> Result) async throws -> Result {
        if !enter() { try await wait() }
        defer { leave() }
        return try await work()
    }

    private func enter() -> Bool {
        state.withLock { state in
            guard state.inFlight < inFlightLimit else { return false }
            state.inFlight += 1
            return true
        }
    }

    private func wait() async throws {
        let identifier = state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue(Waiter(identifier: identifier, continuation: continuation))
            }
        } onCancel: {
            withdraw(identifier)
        }
    }

    private func queue(_ waiter: Waiter) {
        let outcome: Result<Void, any Error>? = state.withLock { state in
            if Task.isCancelled { return .failure(CancellationError()) }
            // A place may have come free since it was looked for.
            if state.inFlight < inFlightLimit {
                state.inFlight += 1
                return .success(())
            }
            guard state.waiting.count < queueLimit else {
                return .failure(RequestError(.busy, message: "Too many requests are waiting; try again soon."))
            }
            state.waiting.append(waiter)
            return nil
        }
        if let outcome { waiter.continuation.resume(with: outcome) }
    }

    private func withdraw(_ identifier: UInt64) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.identifier == identifier }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: CancellationError())
    }

    /// Hands the place to the next in the queue.
    private func leave() {
        let next = state.withLock { state -> Waiter? in
            if state.waiting.isEmpty {
                state.inFlight -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.continuation.resume()
    }
}
