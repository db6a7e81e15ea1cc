// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("Members of a set")
struct QuorumMemberTests {
    @Test("stand in order of the alias, then of the key, byte by byte")
    func order() {
        let members = [
            QuorumMember(alias: "", publicKey: [9]), QuorumMember(alias: "Z", publicKey: []),
            QuorumMember(alias: "a", publicKey: []), QuorumMember(alias: "a", publicKey: [1]),
            QuorumMember(alias: "a", publicKey: [1, 0]), QuorumMember(alias: "a", publicKey: [2]),
            QuorumMember(alias: "ab", publicKey: [0]), QuorumMember(alias: "e\u{301}", publicKey: []),
            QuorumMember(alias: "z", publicKey: []), QuorumMember(alias: "é", publicKey: []),
            QuorumMember(alias: "\u{FB33}", publicKey: []), QuorumMember(alias: "\u{1F600}", publicKey: []),
        ]
        #expect(members.reversed().sorted() == members)
        #expect(members.shuffled().sorted() == members)
    }

    @Test("are the same only byte for byte")
    func equality() {
        let composed = QuorumMember(alias: "é", publicKey: [1])
        let decomposed = QuorumMember(alias: "e\u{301}", publicKey: [1])
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(composed != QuorumMember(alias: "é", publicKey: [2]))
    }

    @Test("and all that names something differ where the bytes differ")
    func otherTexts() throws {
        let composed = "é"
        let decomposed = "e\u{301}"
        #expect(
            Namespace(name: composed, nonce: 0, quorumKey: []) != Namespace(name: decomposed, nonce: 0, quorumKey: []))
        #expect(BridgeConfig.server(port: 1, host: composed) != .server(port: 1, host: decomposed))
        #expect(BridgeConfig.client(port: 1, host: composed) != .client(port: 1, host: decomposed))
        #expect(BridgeConfig.client(port: 1, host: nil) != .client(port: 1, host: ""))
        #expect(BridgeConfig.client(port: 1, host: nil) == .client(port: 1, host: nil))
        #expect(BridgeConfig.client(port: 1, host: "") != .server(port: 1, host: ""))
        #expect(try PivotVariable(name: "A", value: composed) != PivotVariable(name: "A", value: decomposed))
        #expect(
            Pivot(hash: [], restart: .never, arguments: [composed])
                != Pivot(hash: [], restart: .never, arguments: [decomposed]))
    }
}
