// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Jobs in the order in which they came.
struct JobQueue {
    /// A job that was taken leaves its place empty: its secrets must not wait for those behind it.
    private var waiting: [(any CostlyJob)?] = []
    private var head = 0

    /// Taken jobs of which the places are kept, before the rest moves up.
    private static let kept = 64

    var isEmpty: Bool { head == waiting.count }

    /// Adds a job; false where so many wait already.
    mutating func add(_ job: any CostlyJob, bound: Int) -> Bool {
        guard waiting.count - head < bound else { return false }
        waiting.append(job)
        return true
    }

    mutating func take() -> (any CostlyJob)? {
        guard head < waiting.count else { return nil }
        let job = waiting[head]
        waiting[head] = nil
        head += 1
        if head == waiting.count || head >= Self.kept {
            waiting.removeFirst(head)
            head = 0
        }
        return job
    }
}
