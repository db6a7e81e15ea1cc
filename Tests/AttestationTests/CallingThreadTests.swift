// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import Attestation

@Suite("Verifying on the calling thread")
struct CallingThreadTests {
    @Test("works on a thread that belongs to no executor, and finds what the other way finds")
    func plainThread() async throws {
        let (document, verifier) = try OwnDocuments.valid()
        let there = try await verifier.verify(document, at: .documentTime)
        let here = await onPlainThread { Result { try verifier.verifyHere(document, at: .documentTime) } }
        #expect(try here.get() == there)
    }

    @Test("keeps all of the work on that thread, however it suspends")
    func sameThread() async {
        let threads = await onPlainThread {
            (here: [pthread_self()], work: CallingThread.run { await threadsOfSuspendingWork() })
        }
        #expect(threads.work?.count == 5)
        #expect(threads.work.map(Set.init) == Set(threads.here))
    }

    @Test("gives each of many callers its own answer")
    func many() async throws {
        let answers = await withTaskGroup(of: (Int, Int?).self) { group in
            for number in 0..<100 {
                group.addTask { (number, CallingThread.run { await Place().value(number) }) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(answers.count == 100)
        #expect(answers.allSatisfy { $0.key == $0.value })
    }
}

/// Where work goes to and comes back from.
private actor Place {
    func value(_ number: Int) -> Int { number }

    func thread() -> pthread_t { pthread_self() }
}

/// The threads of work that yields, calls an actor, and has a task of its own.
private func threadsOfSuspendingWork() async -> [pthread_t] {
    var threads = [pthread_self()]
    await Task.yield()
    threads.append(pthread_self())
    threads.append(await Place().thread())
    threads.append(pthread_self())
    async let part = Place().thread()
    threads.append(await part)
    return threads
}

private func onPlainThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: work()) }.start()
    }
}
