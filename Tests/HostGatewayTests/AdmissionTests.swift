// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization
import Testing

@testable import HostGateway

/// Numbers in the order in which they came, from any thread.
private final class Record: Sendable {
    private let all = Mutex<[Int]>([])
    func add(_ number: Int) { all.withLock { $0.append(number) } }
    var numbers: [Int] { all.withLock { $0 } }
}

@Suite("admission")
struct AdmissionTests {
    @Test(
        "as many enter as are allowed, as many wait as may, and the rest is refused", arguments: [0, 1, 5], [0, 1, 4])
    func limits(inFlight: Int, queue: Int) {
        let admission = Admission(inFlightLimit: inFlight, queueLimit: queue)
        for _ in 0..<inFlight { #expect(admission.enter {} == .admitted) }
        for number in 0..<queue { #expect(admission.enter {} == .queued(UInt64(number + 1))) }
        for _ in 0..<3 { #expect(admission.enter {} == .refused) }
        #expect(!admission.tryToEnter())
    }

    @Test("who tries to enter takes a place, and never waits for one")
    func tryToEnter() {
        let admission = Admission(inFlightLimit: 1, queueLimit: 1)
        #expect(admission.tryToEnter())
        for _ in 0..<3 { #expect(!admission.tryToEnter()) }
        #expect(admission.enter {} == .queued(1))
        admission.leave()
        // The place went to the one in the queue.
        #expect(!admission.tryToEnter())
        admission.leave()
        #expect(admission.tryToEnter())
    }

    @Test("those who wait are called in the order in which they came, each once")
    func order() {
        let admission = Admission(inFlightLimit: 2, queueLimit: 10)
        let record = Record()
        for _ in 0..<2 { #expect(admission.tryToEnter()) }
        for number in 0..<10 { #expect(admission.enter { record.add(number) } == .queued(UInt64(number + 1))) }
        #expect(record.numbers == [])
        for left in 1...10 {
            admission.leave()
            #expect(record.numbers == Array(0..<left))
        }
        for _ in 0..<2 { admission.leave() }
        #expect(record.numbers.count == 10)
    }

    @Test("who withdraws is not called, and his place in the queue is free")
    func withdraw() {
        let admission = Admission(inFlightLimit: 1, queueLimit: 2)
        let record = Record()
        #expect(admission.tryToEnter())
        #expect(admission.enter { record.add(1) } == .queued(1))
        #expect(admission.enter { record.add(2) } == .queued(2))
        #expect(admission.withdraw(1))
        #expect(!admission.withdraw(1))
        #expect(admission.enter { record.add(3) } == .queued(3))
        #expect(admission.enter { record.add(4) } == .refused)
        for _ in 0..<3 { admission.leave() }
        #expect(record.numbers == [2, 3])
        #expect(admission.tryToEnter())
    }

    @Test("who withdraws after he was called has been admitted, and must leave")
    func withdrawTooLate() {
        let admission = Admission(inFlightLimit: 1, queueLimit: 1)
        #expect(admission.tryToEnter())
        #expect(admission.enter {} == .queued(1))
        admission.leave()
        #expect(!admission.withdraw(1))
        #expect(!admission.tryToEnter())
        admission.leave()
        #expect(admission.tryToEnter())
    }

    @Test("who is called may leave at once, from within the call")
    func leaveWithin() {
        let admission = Admission(inFlightLimit: 1, queueLimit: 100)
        let record = Record()
        #expect(admission.tryToEnter())
        for number in 0..<100 {
            _ = admission.enter {
                record.add(number)
                admission.leave()
            }
        }
        admission.leave()
        #expect(record.numbers == Array(0..<100))
        #expect(admission.tryToEnter())
    }

    private final class Working: Sendable {
        let count = Atomic(0)
    }

    @Test("from many threads never more are at work than are allowed, and every place comes back")
    func concurrent() async {
        let admission = Admission(inFlightLimit: 3, queueLimit: 1000)
        let working = Working()
        let seen = Record()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 where admission.tryToEnter() {
                        seen.add(working.count.add(1, ordering: .relaxed).newValue)
                        working.count.subtract(1, ordering: .relaxed)
                        admission.leave()
                    }
                }
            }
        }
        #expect(!seen.numbers.isEmpty)
        #expect(seen.numbers.allSatisfy { (1...3).contains($0) })
        for _ in 0..<3 { #expect(admission.tryToEnter()) }
        #expect(!admission.tryToEnter())
    }
}
