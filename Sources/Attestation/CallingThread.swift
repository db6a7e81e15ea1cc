// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// Runs asynchronous work on the thread that waits for it, so that no thread is started for it.
final class CallingThread: TaskExecutor {
    /// What is ready to run, the first to come first.
    private let jobs = Mutex<[UnownedJob]>([])

    private init() {}

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs work to its end.
    ///
    /// - Parameter work: awaits nothing but computation: no timer, no input, no other task.
    /// - Returns: what the work returns; `nil` where it waits for something that did not come from this thread.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value? {
        let thread = CallingThread()
        let answer = Answer<Value>()
        // Not left to itself: it has run by the time this function returns.
        Task(executorPreference: thread) {
            let value = await work()
            answer.value.withLock { $0 = value }
        }
        thread.runJobs()
        return answer.value.withLock { $0 }
    }

    private func runJobs() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            // Unsafe: a reference that is not counted, to this executor, which outlives the call.
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}

/// Where a task leaves what it found.
private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
