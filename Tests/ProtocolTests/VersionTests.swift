// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("protocol versions")
struct VersionTests {
    @Test(
        "the newest version that both speak is chosen",
        arguments: [
            (1...1, 1...1, 1), (1...2, 1...1, 1), (1...2, 2...3, 2), (1...9, 3...5, 5), (5...6, 1...5, 5),
            (0...UInt16.max, UInt16.max...UInt16.max, .max), (0...0, 0...UInt16.max, 0),
        ] as [(ClosedRange<UInt16>, ClosedRange<UInt16>, UInt16)])
    func common(one: ClosedRange<UInt16>, other: ClosedRange<UInt16>, expected: UInt16) {
        #expect(Version.common(one, other) == expected)
        #expect(Version.common(other, one) == expected)
    }

    @Test(
        "ranges that do not meet have no version",
        arguments: [(1...1, 2...2), (1...2, 3...9), (7...9, 0...6)] as [(ClosedRange<UInt16>, ClosedRange<UInt16>)])
    func apart(one: ClosedRange<UInt16>, other: ClosedRange<UInt16>) {
        #expect(Version.common(one, other) == nil)
        #expect(Version.common(other, one) == nil)
    }

    @Test("this build speaks two versions at most")
    func spoken() {
        #expect(Version.spoken.count <= 2)
        #expect(Version.spoken.lowerBound > 0)
    }
}
