// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory
import Synchronization

/// Work that takes long enough to keep cheap requests waiting.
protocol CostlyJob: AnyObject, Sendable {
    /// Does the work and answers; called once, unless the job is discarded.
    func run(scratch: inout SecretBuffer)
}

/// A few threads for costly work, with a bounded queue before them.
///
/// Half of the cores at most, so that cheap requests always find one.
final class WorkerPool: Sendable {
    private struct Queue {
        var waiting: [any CostlyJob] = []
        var head = 0
        var running = 0

        var count: Int { waiting.count - head }

        mutating func take() -> (any CostlyJob)? {
            guard head < waiting.count else { return nil }
            let job = waiting[head]
            head += 1
            // What has been taken is let go of soon, also where the queue never runs empty.
            if head == waiting.count || head >= Limits.queuedCostlyRequests {
                waiting.removeFirst(head)
                head = 0
            }
            return job
        }
    }

    private let queue = Mutex(Queue())
    private let available = Semaphore()
    private let bound: Int

    /// - Parameters:
    ///   - workers: threads.
    ///   - bound: jobs that may wait.
    /// - Throws: `SecretMemoryError` for the workers' scratch memory, `PlainThread.StartError`.
    init(
        workers: Int,
        bound: Int = Limits.queuedCostlyRequests
    ) throws {
        self.bound = bound
        for index in 0..<workers {
            let scratch = LockedBuffer(try SecretBuffer(count: SeedStretching.scratchBytes))
            try PlainThread.start("worker-\(index)") { [self] in work(scratch) }
        }
    }

    /// Workers for a machine: ⌈cores / 2⌉.
    static func count(cores: Int) -> Int {
        max(1, (cores + 1) / 2)
    }

    /// Queues a job.
    ///
    /// - Throws: ``EnclaveError/Reason/busy`` where the queue is full.
    func submit(_ job: any CostlyJob) throws(EnclaveError) {
        let accepted = queue.withLock { queue in
            guard queue.count < bound else { return false }
            queue.waiting.append(job)
            return true
        }
        guard accepted else { throw EnclaveError(.busy) }
        available.signal()
    }

    /// Whether nothing waits and nothing runs.
    var isIdle: Bool {
        queue.withLock { $0.count == 0 && $0.running == 0 }
    }

    private func work(_ scratch: LockedBuffer) {
        while true {
            available.wait()
            let job = queue.withLock { queue in
                queue.running += 1
                return queue.take()
            }
            job?.run(scratch: &scratch.buffer)
            queue.withLock { $0.running -= 1 }
        }
    }
}

/// A locked buffer that one thread at a time uses.
final class LockedBuffer: @unchecked Sendable {
    // Sendable: handed from thread to thread whole, never used by two.
    var buffer: SecretBuffer

    init(_ buffer: consuming SecretBuffer) {
        self.buffer = buffer
    }
}
