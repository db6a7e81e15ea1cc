// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("waiting before the next round")
struct JoinBackoffTests {
    /// Always the least or always the greatest.
    private struct Extreme: RandomNumberGenerator {
        let value: UInt64

        func next() -> UInt64 { value }
    }

    @Test("the bound doubles from 100 ms to 10 s, and stays there")
    func bounds() {
        var backoff = JoinBackoff()
        var greatest = Extreme(value: .max)
        let waits = (0..<9).map { _ in backoff.next(using: &greatest) }
        #expect(
            waits
                == [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000].map { Duration.milliseconds($0) })
        backoff.reset()
        #expect(backoff == JoinBackoff())
    }

    @Test("a wait may be none, whatever the bound: instances do not come back together")
    func jitter() {
        var backoff = JoinBackoff()
        // Of zeros alone no number is made: they are drawn again, without end.
        var least = Extreme(value: 1)
        for _ in 0..<9 { #expect(backoff.next(using: &least) == .zero) }
        var system = SystemRandomNumberGenerator()
        let waits = Set((0..<100).map { _ in backoff.next(using: &system) })
        #expect(waits.count > 10)
        #expect(waits.allSatisfy { $0 <= .seconds(10) })
    }
}
