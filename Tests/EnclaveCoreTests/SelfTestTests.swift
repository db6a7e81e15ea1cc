// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("self-test")
struct SelfTestTests {
    @Test("it passes, and leaves nothing lent")
    func passes() throws {
        let arena = try SecretArena()
        try SelfTest.run(arena: arena, entropy: EntropySource())
        #expect(arena.slotsLent == 0)
    }

    @Test("it fails where the random source is stuck")
    func stuck() throws {
        let arena = try SecretArena()
        let stuck = EntropySource { $0.update(repeating: 0) }
        #expect(throws: SelfTest.Failure(primitive: "random source")) {
            try SelfTest.run(arena: arena, entropy: stuck)
        }
        #expect(arena.slotsLent == 0)
    }

    @Test("it fails where there is no memory for it")
    func memory() throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        #expect(throws: SelfTest.Failure(primitive: "PBKDF2-HMAC-SHA512")) {
            try SelfTest.run(arena: arena, entropy: EntropySource())
        }
    }
}
