// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("languages", .runningPair())
    struct Languages {
        private static let languages = [
            "english", "japanese", "korean", "spanish", "chinese_simplified", "chinese_traditional", "french",
            "italian", "czech", "portuguese",
        ]
        private static let strengths = [(128, 12), (160, 15), (192, 18), (224, 21), (256, 24)]

        @Test("a phrase of every language and strength is valid", arguments: languages, strengths)
        func roundTrip(language: String, strength: (bits: Int, words: Int)) throws {
            let connection = try Pair.shared.gateway.connect()
            let made = try expectSuccess(
                connection.answer(
                    to: .post("/generate-seed", #"{"language":"\#(language)","strength":\#(strength.bits)}"#)))
            #expect(made["language"]?.string == language)
            let phrase = try #require(made["seed_phrase"]?.string)
            let separator: Character = language == "japanese" ? "\u{3000}" : " "
            #expect(phrase.split(separator: separator).count == strength.words)
            #expect(phrase.contains(language == "japanese" ? " " : "\u{3000}") == false)

            let named = try expectSuccess(
                connection.answer(
                    to: .post("/validate-seed", #"{"seed_phrase":"\#(phrase)","language":"\#(language)"}"#)))
            #expect(named["valid"] == true)
            #expect(named["language"]?.string == language)
            #expect(named["strength"]?.int == strength.bits)

            let unnamed = try expectSuccess(
                connection.answer(to: .post("/validate-seed", #"{"seed_phrase":"\#(phrase)"}"#)))
            #expect(unnamed["valid"] == true)
            #expect(unnamed["word_count"]?.int == strength.words)
            // Every Chinese word list shares characters with the other, so a phrase may be valid in both; English
            // and French share words. The first in the contract's order answers.
            let found = try #require(unnamed["language"]?.string.flatMap { Self.languages.firstIndex(of: $0) })
            #expect(found <= Self.languages.firstIndex(of: language) ?? -1)
        }
    }
}
