// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Protocol
import SecretMemory
import Synchronization
import Testing

@testable import EnclaveCore

/// Says that it has begun, and ends when it is allowed to.
private final class GatedJob: CostlyJob {
    let lane: WorkerLane
    let begun = Semaphore()
    let gate = Semaphore()
    let ended = Semaphore()
    let runs = Atomic(0)

    init(_ lane: WorkerLane = .general) {
        self.lane = lane
    }

    func run(scratch: inout SecretBuffer) {
        runs.add(1, ordering: .relaxed)
        begun.signal()
        gate.wait()
        ended.signal()
    }
}

@Suite("workers", .timeLimit(.minutes(1)))
struct WorkerPoolTests {
    @Test("a full queue is busy, and takes work again when there is room")
    func busy() throws {
        let pool = try WorkerPool(workers: 1, bound: 2)
        #expect(pool.isIdle)
        let jobs = (0..<5).map { _ in GatedJob() }
        try pool.submit(jobs[0])
        jobs[0].begun.wait()
        // One runs and two wait.
        try pool.submit(jobs[1])
        try pool.submit(jobs[2])
        for _ in 0..<3 {
            #expect(throws: EnclaveError(.busy)) { try pool.submit(jobs[3]) }
        }
        #expect(!pool.isIdle)

        jobs[0].gate.signal()
        jobs[1].begun.wait()
        try pool.submit(jobs[4])
        for job in [jobs[1], jobs[2], jobs[4]] {
            job.gate.signal()
            job.ended.wait()
        }
        #expect(jobs.map { $0.runs.load(ordering: .relaxed) } == [1, 1, 1, 0, 1])
    }

    @Test("steps of the ceremony run one at a time, and other work does not wait behind them")
    func lanes() throws {
        let pool = try WorkerPool(workers: 2)
        let steps = (0..<3).map { _ in GatedJob(.ceremony) }
        let others = (0..<2).map { _ in GatedJob() }
        for step in steps { try pool.submit(step) }
        steps[0].begun.wait()
        for other in others {
            try pool.submit(other)
            other.begun.wait()
            other.gate.signal()
            other.ended.wait()
        }
        #expect(steps.map { $0.runs.load(ordering: .relaxed) } == [1, 0, 0])
        for step in steps {
            step.gate.signal()
            step.ended.wait()
        }
        #expect(steps.map { $0.runs.load(ordering: .relaxed) } == [1, 1, 1])
    }

    @Test("a single worker takes other work between two steps of the ceremony")
    func fairness() throws {
        let pool = try WorkerPool(workers: 1)
        let first = GatedJob(.ceremony)
        try pool.submit(first)
        first.begun.wait()
        let steps = (0..<2).map { _ in GatedJob(.ceremony) }
        let others = (0..<2).map { _ in GatedJob() }
        for job in steps + others { try pool.submit(job) }
        first.gate.signal()
        for job in [others[0], steps[0], others[1], steps[1]] {
            job.begun.wait()
            job.gate.signal()
            job.ended.wait()
        }
    }

    @Test("few steps of the ceremony may wait, however long the other queue is")
    func ceremonyBound() throws {
        let pool = try WorkerPool(workers: 1)
        let first = GatedJob(.ceremony)
        try pool.submit(first)
        first.begun.wait()
        let waiting = (0..<Limits.queuedCeremonyRequests).map { _ in GatedJob(.ceremony) }
        for job in waiting { try pool.submit(job) }
        #expect(throws: EnclaveError(.busy)) { try pool.submit(GatedJob(.ceremony)) }
        let other = GatedJob()
        try pool.submit(other)
        // The other goes before the next step.
        for job in [first, other] + waiting {
            job.gate.signal()
            job.ended.wait()
        }
    }

    @Test("as many jobs run at a time as there are workers")
    func parallel() throws {
        let pool = try WorkerPool(workers: 3, bound: 8)
        let jobs = (0..<4).map { _ in GatedJob() }
        for job in jobs { try pool.submit(job) }
        // None of them ends before all three have begun.
        for job in jobs.prefix(3) { job.begun.wait() }
        #expect(jobs[3].runs.load(ordering: .relaxed) == 0)
        for job in jobs { job.gate.signal() }
        for job in jobs { job.ended.wait() }
        while !pool.isIdle { sched_yield() }
    }

    @Test("a job that has run is let go of with its secrets, although others still wait")
    func letGo() throws {
        let pool = try WorkerPool(workers: 1, bound: 8)
        let before = GatedJob()
        try pool.submit(before)
        before.begun.wait()
        let isAlive = try submitted(to: pool)
        let (next, last) = (GatedJob(), GatedJob())
        try pool.submit(next)
        try pool.submit(last)
        #expect(isAlive())
        before.gate.signal()
        next.begun.wait()
        #expect(!isAlive())
        for job in [next, last] {
            job.gate.signal()
            job.ended.wait()
        }
    }

    /// A job that ends at once, of which nobody but the pool has hold.
    private func submitted(to pool: WorkerPool) throws -> () -> Bool {
        let job = GatedJob()
        job.gate.signal()
        try pool.submit(job)
        return { [weak job] in job != nil }
    }

    @Test("every job runs once, from many threads")
    func many() async throws {
        let pool = try WorkerPool(workers: 2, bound: 1000)
        let jobs = (0..<400).map { _ in GatedJob() }
        for job in jobs { job.gate.signal() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { try pool.submit(job) } }
            try await group.waitForAll()
        }
        for job in jobs { job.ended.wait() }
        #expect(jobs.allSatisfy { $0.runs.load(ordering: .relaxed) == 1 })
    }

    @Test(
        "half of the cores work, and one at least", arguments: [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (8, 4), (9, 5)])
    func count(cores: Int, workers: Int) {
        #expect(WorkerPool.count(cores: cores) == workers)
    }
}
