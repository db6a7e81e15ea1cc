// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("values that callbacks bring")
struct AwaitedTests {
    private struct Lost: Error {}

    @Test("one that came before is there, and only the first counts")
    func before() async throws {
        let value = Awaited<Int>()
        value.settle(.success(1))
        value.settle(.failure(Lost()))
        #expect(try await value.value() == 1)
        value.settle(.success(2))
    }

    @Test("one that comes later is waited for")
    func later() async throws {
        let value = Awaited<Int>()
        async let result = value.value()
        value.settle(.success(3))
        #expect(try await result == 3)
    }

    @Test("what is brought instead is thrown")
    func failure() async {
        let value = Awaited<Int>()
        value.settle(.failure(Lost()))
        await #expect(throws: Lost.self) { try await value.value() }
    }

    @Test("a task that is cancelled waits no longer, and what still comes finds nobody")
    func cancelled() async {
        let value = Awaited<Int>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await value.value() }
            }
            group.cancelAll()
        }
        value.settle(.success(4))
    }
}

@Suite("work with a limit on its time")
struct TimeLimitTests {
    @Test("work that is done in time gives its value, or its error")
    func inTime() async throws {
        #expect(try await withTimeLimit(.seconds(600)) { 1 } == 1)
        await #expect(throws: CancellationError.self) {
            try await withTimeLimit(.seconds(600)) { throw CancellationError() }
        }
    }

    @Test("work that would never end is cancelled")
    func never() async {
        let value = Awaited<Int>()
        await #expect(throws: TimeLimitExceeded.self) {
            try await withTimeLimit(.milliseconds(1)) { try await value.value() }
        }
    }
}
