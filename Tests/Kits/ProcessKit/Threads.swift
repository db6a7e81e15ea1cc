// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Synchronization

/// Blocking work on threads of its own, several at a time.
package enum Threads {
    /// Runs `work` once on each of so many threads and waits for all of them.
    ///
    /// - Throws: the first error, once all have ended.
    package static func run(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Void) throws {
        try start(count, work).join()
    }

    /// Runs `work` once on each of so many threads, and gives what they made, in no order.
    ///
    /// - Throws: the first error, once all have ended.
    package static func results<Result: Sendable>(
        of count: Int,
        _ work: @escaping @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        let results = Collected<Result>()
        try run(count) { index in
            let result = try work(index)
            results.all.withLock { $0.append(result) }
        }
        return results.all.withLock { $0 }
    }

    private final class Collected<Result: Sendable>: Sendable {
        let all = Mutex<[Result]>([])
    }

    /// Runs `work` once on each of so many threads, and returns while they run.
    package static func start(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Void) -> Running {
        let running = Running()
        for index in 0..<count {
            running.group.enter()
            Thread.detachNewThread {
                do {
                    try work(index)
                } catch {
                    running.failure.withLock { $0 = $0 ?? error }
                }
                running.group.leave()
            }
        }
        return running
    }

    /// Threads that have been started.
    package final class Running: Sendable {
        fileprivate let group = DispatchGroup()
        fileprivate let failure = Mutex<(any Error)?>(nil)

        /// Waits for all.
        ///
        /// - Throws: the first error of any.
        package func join() throws {
            group.wait()
            if let failure = failure.withLock({ $0 }) { throw failure }
        }
    }
}
