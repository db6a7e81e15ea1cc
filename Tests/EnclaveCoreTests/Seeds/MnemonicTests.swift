// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("mnemonics")
struct MnemonicTests {
    @Test(
        "every strength in every language is read back from its phrase",
        arguments: SeedStrength.allCases, SeedLanguage.allCases)
    func roundTrip(strength: SeedStrength, language: SeedLanguage) throws {
        let ends = [0x00, 0x7F, 0x80, 0xFF].map { [UInt8](repeating: $0, count: strength.entropyBytes) }
        for entropy in ends + (0..<4).map({ Samples.entropy(strength, $0) }) {
            let phrase = try Samples.phrase(entropy, language)
            #expect(
                try Samples.verdict(on: phrase, language)
                    == SeedVerdict(wordCount: UInt32(strength.wordCount), language: language, flaw: nil)
            )
        }
    }

    @Test("each bit of the entropy is in the phrase")
    func everyBit() throws {
        let zero = [UInt8](repeating: 0, count: 16)
        let words = Samples.words(.english)
        for bit in 0..<128 {
            var entropy = zero
            entropy[bit / 8] = 0x80 >> UInt8(bit % 8)
            let phrase = try Samples.phrase(entropy, .english).split(separator: " ").map(String.init)
            let number = try #require(words.firstIndex(of: phrase[bit / 11]))
            #expect(number & (1 << (10 - bit % 11)) != 0)
            #expect(phrase.prefix(11).filter { $0 != "abandon" }.count == (bit < 121 ? 1 : 0))
        }
    }

    @Test("a draw that fails leaves nothing lent")
    func failedDraw() throws {
        let arena = try SecretArena()
        #expect(throws: EnclaveError(.entropyFailed)) {
            _ = try Mnemonic(strength: .bits256, arena: arena) { _ throws(EnclaveError) in
                throw EnclaveError(.entropyFailed)
            }
        }
        #expect(arena.slotsLent == 0)
    }

    @Test("without free memory there is no phrase, and nothing stays lent", arguments: 0...2)
    func noMemory(slots: Int) throws {
        // Entropy, bits and phrase: each takes a slot.
        let arena = try SecretArena([.init(bytes: 512, slots: slots)])
        #expect(throws: EnclaveError(.outOfSecureMemory)) {
            let held = try heldSlots(slots, arena)
            _ = held
        }
        #expect(arena.slotsLent == 0)
    }

    private func heldSlots(_ slots: Int, _ arena: SecretArena) throws -> Int {
        let list = Samples.library[.english]
        let mnemonic = try Samples.mnemonic([UInt8](repeating: 1, count: 32), arena)
        let other: SecretBytes = try arena.lend(64)
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
        return phrase.count + other.count
    }
}
