// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
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

    /// Every primitive that the enclave stands on, in the order in which they are tested.
    private static let primitives = [
        "SHA-256", "SHA-384", "SHA-512", "HMAC-SHA512", "HKDF-SHA512", "PBKDF2-HMAC-SHA512", "NFKD", "word lists",
        "BIP39", "random source", "constant-time comparison", "AES-256-GCM", "P-256 points", "P-256 agreement",
        "envelope", "ECDSA signature", "ECDSA verification", "key check", "derived seed", "GF(256)",
        "share splitting", "share combining", "ceremony",
    ]

    @Test("each primitive is tested, once")
    func complete() {
        #expect(SelfTest.knownAnswers.map(\.primitive) == Self.primitives)
        #expect(Set(Self.primitives).count == Self.primitives.count)
    }

    @Test("it fails, and names the primitive, where one answer is another", arguments: primitives.indices)
    func otherAnswer(index: Int) throws {
        let arena = try SecretArena()
        let means = SelfTest.Means(arena: arena, entropy: EntropySource(), library: Samples.library)
        var answers = SelfTest.knownAnswers
        // The last digit alone: a comparison of a part would not see it.
        let last = answers[index].answer.removeLast()
        answers[index].answer.append(last == "0" ? "1" : "0")
        #expect(throws: SelfTest.Failure(primitive: Self.primitives[index])) {
            try SelfTest.run(answers, with: means)
        }
        answers[index].answer = ""
        #expect(throws: SelfTest.Failure(primitive: Self.primitives[index])) {
            try SelfTest.run(answers, with: means)
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
