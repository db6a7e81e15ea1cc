// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Protocol
import SecretMemory
import Testing
import VectorKit

@testable import EnclaveCore

/// Trezor's vectors: for each language rows of entropy, phrase, seed with the passphrase `TREZOR`, and a BIP32 key.
struct TrezorVectors: Sendable {
    let language: SeedLanguage
    let rows: [[String]]

    static func all() throws -> [TrezorVectors] {
        let file = try Vectors.decode([String: [[String]]].self, from: "bip39/trezor_vectors.json")
        return try SeedLanguage.allCases.map { language in
            TrezorVectors(language: language, rows: try #require(file[language.rawValue]))
        }
    }
}

@Suite("Trezor's vectors", .enabled(if: Vectors.areAvailable, Vectors.need))
struct TrezorVectorsTests {
    /// A published phrase as an answer has it: its words in NFKD, joined by the list's separator.
    private func answered(_ published: String, _ language: SeedLanguage) -> [UInt8] {
        let separator = language == .japanese ? "\u{3000}" : " "
        let words = published.split { $0 == " " || $0 == "\u{3000}" }
        return Array(
            words.map { String($0).decomposedStringWithCompatibilityMapping }.joined(separator: separator).utf8)
    }

    @Test("there are 24 for each language", arguments: try TrezorVectors.all())
    func count(vectors: TrezorVectors) {
        #expect(vectors.rows.count == 24)
        #expect(vectors.rows.allSatisfy { $0.count == 4 })
    }

    @Test("the entropy gives the phrase, and keeps itself", arguments: try TrezorVectors.all())
    func phrases(vectors: TrezorVectors) throws {
        let arena = try SecretArena()
        let list = Samples.library[vectors.language]
        for row in vectors.rows {
            let entropy = try Samples.hex(row[0])
            let mnemonic = try Samples.mnemonic(entropy, arena)
            let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
            #expect(phrase.copied() == answered(row[1], vectors.language), "\(row[0])")
            let kept = mnemonic.withEntropy { bytes in bytes.indices.map { bytes[$0] } }
            #expect(kept == entropy)
        }
    }

    @Test("phrase and passphrase give the seed", arguments: try TrezorVectors.all())
    func seeds(vectors: TrezorVectors) throws {
        let arena = try SecretArena()
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        let list = Samples.library[vectors.language]
        for row in vectors.rows {
            let mnemonic = try Samples.mnemonic(try Samples.hex(row[0]), arena)
            let seed = try SeedStretching.seed(
                phrase: try mnemonic.phrase(in: list, separator: [0x20], arena: arena),
                passphrase: try arena.secret(Array("TREZOR".utf8)),
                scratch: &scratch,
                arena: arena
            )
            #expect(Hex.encode(seed.copied()) == row[2], "\(row[0])")
        }
    }

    @Test("the phrase is valid as it was published, in its language", arguments: try TrezorVectors.all())
    func validInLanguage(vectors: TrezorVectors) throws {
        for row in vectors.rows {
            let words = UInt32(try Samples.hex(row[0]).count * 3 / 4)
            #expect(
                try Samples.verdict(on: row[1], vectors.language)
                    == SeedVerdict(wordCount: words, language: vectors.language, flaw: nil),
                "\(row[0])"
            )
        }
    }

    @Test("the language is found where none is given", arguments: try TrezorVectors.all())
    func languageFound(vectors: TrezorVectors) throws {
        for row in vectors.rows {
            let found = try Samples.verdict(on: row[1]).language
            if vectors.language == .chineseTraditional, found == .chineseSimplified {
                // All words may be common to both lists, and the checksum may hold in the one that is tried first.
                #expect(try Samples.verdict(on: row[1], .chineseSimplified).flaw == nil)
            } else {
                #expect(found == vectors.language, "\(row[0])")
            }
        }
    }
}
