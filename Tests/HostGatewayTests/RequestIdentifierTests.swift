// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("request identifiers")
struct RequestIdentifierTests {
    private let identifiers = RequestIdentifier()

    @Test(
        "a client's own is kept where it is safe",
        arguments: ["a", "0", "A-b_c.9", "----", "..", String(repeating: "x", count: 128)])
    func kept(proposed: String) {
        #expect(identifiers.identifier(proposed: proposed) == proposed)
    }

    @Test(
        "another is replaced",
        arguments: [
            "", String(repeating: "x", count: 129), "a b", "a\n", "ä", "a/b", "a\"", "\u{212A}", "a\0", "{}", "a,b",
            "＿",
        ])
    func replaced(proposed: String) {
        let identifier = identifiers.identifier(proposed: proposed)
        #expect(identifier != proposed)
        #expect(RequestIdentifier.isSafe(identifier))
    }

    @Test("our own are safe and all different")
    func own() {
        let other = RequestIdentifier()
        let all = (0..<2000).map { _ in identifiers.identifier(proposed: nil) }
        #expect(Set(all).count == 2000)
        #expect(all.allSatisfy(RequestIdentifier.isSafe))
        #expect(Set(all).isDisjoint(with: (0..<100).map { _ in other.identifier(proposed: nil) }))
    }
}
