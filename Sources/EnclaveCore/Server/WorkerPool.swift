// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory
import Synchronization

/// Which of the worker's queues a job waits in.
enum WorkerLane: Sendable {
    /// As many at a time as there are workers.
    case general
    /// One at a time: each may hold megabytes while it waits, and they would only wait for one another.
    case ceremony
}

/// Work that takes long enough to keep cheap requests waiting.
protocol CostlyJob: AnyObject, Sendable {
    var lane: WorkerLane { get }

    /// Does the work and answers; called once, unless the job is discarded.
    func run(scratch: inout SecretBuffer)
}

extension CostlyJob {
    var lane: WorkerLane { .general }
}

/// A few threads for costly work, with a bounded queue before them.
///
/// Half of the cores at most, so that cheap requests always find one.
final class WorkerPool: Sendable {
    private struct Queue {
        var general = JobQueue()
        var ceremony = JobQueue()
        var running = 0
        var holdsCeremony = false
        /// Whether the last job was of the ceremony's lane, so that one of the other goes next.
        var owesGeneral = false
        /// Wake-ups that found only work of a lane in which one was running.
        var passedOver = 0

        var isEmpty: Bool { general.isEmpty && ceremony.isEmpty }

        mutating func add(_ job: any CostlyJob, bound: Int) -> Bool {
            switch job.lane {
            case .general: general.add(job, bound: bound)
            case .ceremony: ceremony.add(job, bound: min(bound, Limits.queuedCeremonyRequests))
            }
        }

        /// The next job. The ceremony goes first, since there is never more than one of it; but never twice while
        /// others wait, for exports of the key are of its lane too, and anybody may ask for them.
        mutating func take() -> (any CostlyJob)? {
            let isTurnOfGeneral = owesGeneral && !general.isEmpty
            if !holdsCeremony, !isTurnOfGeneral, let job = ceremony.take() {
                holdsCeremony = true
                owesGeneral = true
                running += 1
                return job
            }
            guard let job = general.take() else {
                passedOver += 1
                return nil
            }
            owesGeneral = false
            running += 1
            return job
        }

        /// - Returns: whether somebody has to be woken for work that was passed over.
        mutating func finish(_ job: any CostlyJob) -> Bool {
            running -= 1
            guard job.lane == .ceremony else { return false }
            holdsCeremony = false
            guard passedOver > 0 else { return false }
            passedOver -= 1
            return true
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
        let accepted = queue.withLock { $0.add(job, bound: bound) }
        guard accepted else { throw EnclaveError(.busy) }
        available.signal()
    }

    /// Whether nothing waits and nothing runs.
    var isIdle: Bool {
        queue.withLock { $0.isEmpty && $0.running == 0 }
    }

    private func work(_ scratch: LockedBuffer) {
        while true {
            available.wait()
            guard let job = queue.withLock({ $0.take() }) else { continue }
            job.run(scratch: &scratch.buffer)
            if queue.withLock({ $0.finish(job) }) { available.signal() }
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
