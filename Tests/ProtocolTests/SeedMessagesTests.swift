// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("seed messages")
struct SeedMessagesTests {
    @Test(
        "a strength has the entropy and the words of BIP39",
        arguments: [
            (.bits128, 16, 12), (.bits160, 20, 15), (.bits192, 24, 18), (.bits224, 28, 21), (.bits256, 32, 24),
        ] as [(SeedStrength, Int, Int)])
    func strengths(strength: SeedStrength, bytes: Int, words: Int) {
        #expect(strength.entropyBytes == bytes)
        #expect(strength.wordCount == words)
        #expect(SeedStrength(wordCount: words) == strength)
    }

    @Test("no other number of words has a strength")
    func otherCounts() {
        let counts = (0...100).filter { SeedStrength(wordCount: $0) != nil }
        #expect(counts == [12, 15, 18, 21, 24])
    }

    @Test("the languages stand in the order in which they are tried, by the contract's names")
    func languages() {
        #expect(
            SeedLanguage.allCases.map(\.rawValue) == [
                "english", "japanese", "korean", "spanish", "chinese_simplified", "chinese_traditional", "french",
                "italian", "czech", "portuguese",
            ])
    }

    @Test("the states have the contract's names")
    func phases() {
        #expect(
            Phase.allCases.map(\.rawValue) == [
                "WaitingForBootInstruction", "GenesisBooted", "WaitingForQuorumShards", "WaitingForForwardedKey",
                "QuorumKeyProvisioned", "ApplicationReady", "UnrecoverableError",
            ])
    }
}
