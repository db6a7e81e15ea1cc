// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A time was over before the work was.
struct TimeLimitExceeded: Error {}

/// Does work for at most so long; it is cancelled when its time is over, and must heed that.
///
/// - Parameter sleep: returns after a time, and throws where the task is cancelled before.
/// - Throws: ``TimeLimitExceeded``, or what the work throws.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await sleep(limit)
            throw TimeLimitExceeded()
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
