// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Protocol
import SecretMemory
import Testing

@testable import EnclaveCore

private let abandon = Array(repeating: "abandon", count: 11) + ["about"]
private let valid = SeedVerdict(wordCount: 12, language: .english, flaw: nil)

@Suite("validation of phrases: words")
struct PhraseValidationWordTests {
    @Test("the first unknown word is told by its position", arguments: 0..<12)
    func unknownWord(position: Int) throws {
        var words = abandon
        words[position] = "abandn"
        words[11] = position == 11 ? "abandn" : "xyzzy"
        #expect(
            try Samples.verdict(on: words.joined(separator: " "))
                == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: UInt32(position))
        )
    }

    @Test(
        "a number of words that no strength has is bad, whatever the words are",
        arguments: [1, 2, 11, 13, 14, 16, 23, 25, 26, 48, 10_000])
    func counts(count: Int) throws {
        for word in ["abandon", "xyzzy", "語"] {
            #expect(
                try Samples.verdict(on: Array(repeating: word, count: count).joined(separator: " "))
                    == SeedVerdict(wordCount: UInt32(count), language: nil, flaw: .badWordCount)
            )
        }
    }

    @Test("a phrase without words is out of range", arguments: ["", " ", "\n", "\u{3000}\u{00A0}\u{2003}\t "])
    func empty(phrase: String) {
        #expect(throws: EnclaveError(.outOfRange, field: "seed_phrase")) { try Samples.verdict(on: phrase) }
    }

    @Test(
        "upper case is unknown, and told apart from a word that is none",
        arguments: [
            ("Abandon", true), ("ABANDON", true), ("abandoN", true), ("\u{FF21}bandon", true), ("Xyzzy", false),
            ("ABANDON1", false), ("abandoned", false),
        ])
    func upperCase(word: String, isKnown: Bool) throws {
        var words = abandon
        words[4] = word
        #expect(
            try Samples.verdict(on: words.joined(separator: " "))
                == SeedVerdict(
                    wordCount: 12, language: nil, flaw: .unknownWord, position: 4, knownInLowerCase: isKnown)
        )
    }

    @Test("upper case is known with its accents")
    func upperCaseAccents() throws {
        let phrase = try Samples.phrase([UInt8](repeating: 0, count: 16), .spanish)
        let words = phrase.split(separator: " ").map(String.init)
        let changed = (["Ábaco"] + words.dropFirst()).joined(separator: " ")
        #expect(
            try Samples.verdict(on: changed)
                == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: 0, knownInLowerCase: true)
        )
    }

    @Test("what no list can hold is unknown", arguments: [0, 6, 11])
    func strangeWords(position: Int) throws {
        let strange = [
            "aban\0don", "\0", "abandon\0", "abandon\u{200B}", "\u{FEFF}abandon", "abandon.", "🔑",
            String(repeating: "a", count: 159), String(repeating: "a", count: 100_000),
            // Grows eighteenfold in NFKD.
            String(repeating: "\u{FDFA}", count: 53), String(repeating: "\u{FDFA}", count: 2000),
        ]
        for word in strange {
            var words = abandon
            words[position] = word
            #expect(
                try Samples.verdict(on: words.joined(separator: " "))
                    == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: UInt32(position)),
                "\(word.prefix(8))"
            )
        }
    }

    @Test(
        "bytes that are not UTF-8 are out of range",
        arguments: [[0xFF], [0xC0, 0xA0], [0xED, 0xA0, 0x80], [0xE3, 0x80], [0x80], [0xF5, 0x80, 0x80, 0x80]]
            as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let phrase = Array(abandon.joined(separator: " ").utf8)
        for bytes in [bytes, phrase + bytes, bytes + phrase, phrase.prefix(9) + bytes + phrase.dropFirst(9)] {
            #expect(throws: EnclaveError(.outOfRange, field: "seed_phrase")) { try Samples.verdict(on: bytes) }
        }
    }
}

@Suite("validation of phrases: forms of text")
struct PhraseValidationFormTests {
    @Test(
        "white space of any kind and length stands between words and around them",
        arguments: [
            " ", "  ", "\t", "\n", "\r\n", "\u{0B}", "\u{0C}", "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{2003}",
            "\u{200A}", "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{3000}", " \t\u{3000}\n\u{A0} ",
            String(repeating: " ", count: 10_000),
        ])
    func whiteSpace(space: String) throws {
        let phrase = abandon.joined(separator: space)
        for phrase in [phrase, space + phrase, phrase + space, space + phrase + space] {
            #expect(try Samples.verdict(on: phrase) == valid)
        }
    }

    @Test(
        "what only looks like white space joins words",
        arguments: ["\u{200B}", "\u{200D}", "\u{FEFF}", "\u{180E}", "\u{2800}", "\u{3164}", "\0"])
    func noWhiteSpace(separator: String) throws {
        #expect(
            try Samples.verdict(on: abandon.joined(separator: separator))
                == SeedVerdict(wordCount: 1, language: nil, flaw: .badWordCount)
        )
    }

    @Test("composed and decomposed text is the same phrase", arguments: SeedLanguage.allCases)
    func normalForms(language: SeedLanguage) throws {
        for number in 0..<8 {
            let phrase = try Samples.phrase(Samples.entropy(.bits256, number), language)
            let forms = [
                phrase, phrase.precomposedStringWithCanonicalMapping, phrase.decomposedStringWithCanonicalMapping,
                phrase.precomposedStringWithCompatibilityMapping, phrase.decomposedStringWithCompatibilityMapping,
            ]
            for form in forms {
                #expect(
                    try Samples.verdict(on: form, language)
                        == SeedVerdict(wordCount: 24, language: language, flaw: nil))
            }
        }
    }

    @Test("the forms differ in their bytes where a language has accents or syllables")
    func formsDiffer() throws {
        // What the test above relies on.
        for language in [SeedLanguage.spanish, .french, .japanese, .korean] {
            let phrases = try (0..<8).map { try Samples.phrase(Samples.entropy(.bits256, $0), language) }
            #expect(phrases.contains { Array($0.precomposedStringWithCanonicalMapping.utf8) != Array($0.utf8) })
        }
    }

    @Test("full-width letters and ligatures are the letters that they stand for")
    func compatibility() throws {
        let wide = abandon.map { word in
            String(String.UnicodeScalarView(word.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
        }
        #expect(wide[0] == "ａｂａｎｄｏｎ")
        #expect(try Samples.verdict(on: wide.joined(separator: "\u{3000}")) == valid)

        let office = try #require(Samples.words(.english).firstIndex(of: "office"))
        let phrase = try Samples.phrase(of: Array(repeating: office, count: 11), rest: 0, .english)
        #expect(phrase.hasPrefix("office office "))
        #expect(try Samples.verdict(on: phrase) == valid)
        #expect(try Samples.verdict(on: phrase.replacing("ffi", with: "\u{FB03}")) == valid)
    }
}

@Suite("validation of phrases: lists and checksums")
struct PhraseValidationListTests {
    @Test(
        "of all last words as many are right as the checksum leaves",
        arguments: [(SeedStrength.bits128, 128), (.bits192, 32), (.bits256, 8)])
    func checksum(strength: SeedStrength, right: Int) throws {
        let phrase = try Samples.phrase(Samples.entropy(strength, 1), .italian)
        let first = phrase.split(separator: " ").dropLast().joined(separator: " ")
        let count = UInt32(strength.wordCount)
        var found = 0
        for word in Samples.words(.italian) {
            let verdict = try Samples.verdict(on: first + " " + word, .italian)
            if verdict.flaw == nil {
                found += 1
            } else {
                #expect(verdict == SeedVerdict(wordCount: count, language: nil, flaw: .badChecksum))
            }
        }
        #expect(found == right)
    }

    @Test("a phrase of one language is unknown in another that is demanded")
    func demanded() throws {
        let phrase = abandon.joined(separator: " ")
        #expect(try Samples.verdict(on: phrase, .english) == valid)
        for language in SeedLanguage.allCases where language != .english {
            let verdict = try Samples.verdict(on: phrase, language)
            #expect(verdict.flaw == .unknownWord)
            #expect(verdict.language == nil)
            // French has some English words, "abandon" among them.
            #expect(verdict.position == (language == .french ? 11 : 0))
        }
    }

    @Test("a failure is told of the list that knows most of the words")
    func mostKnown() throws {
        let english = Array(repeating: "zoo", count: 5)
        let japanese = Array(repeating: Samples.words(.japanese)[3], count: 7)
        #expect(
            try Samples.verdict(on: (english + japanese).joined(separator: " "))
                == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: 0))
        #expect(
            try Samples.verdict(on: (japanese + english).joined(separator: " "))
                == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: 7))
    }

    @Test("of lists that know equally many words the earlier tells")
    func tie() throws {
        let english = Array(repeating: "zoo", count: 6)
        let czech = Array(repeating: Samples.words(.czech)[0], count: 6)
        #expect(
            try Samples.verdict(on: (czech + english).joined(separator: " "))
                == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: 0))
        #expect(
            try Samples.verdict(on: (english + czech).joined(separator: " "))
                == SeedVerdict(wordCount: 12, language: nil, flaw: .unknownWord, position: 6))
    }

    @Test("a phrase whose words are in both Chinese lists is read in the first, another in the one that knows it")
    func chinese() throws {
        let simplified = Samples.words(.chineseSimplified)
        let traditional = Samples.words(.chineseTraditional)
        // A character of both has the same number in both, so a checksum holds in both or in neither.
        let shared = simplified.indices.filter { simplified[$0] == traditional[$0] }
        #expect(shared.count == Set(simplified).intersection(traditional).count)
        let common = Set(shared)
        var found: [SeedLanguage: Int] = [:]
        for number in 0..<64 {
            let chosen = (0..<11).map { shared[($0 * 97 + number * 131) % shared.count] }
            let phrase = try Samples.phrase(of: chosen, rest: number, .chineseTraditional)
            let last = try #require(traditional.firstIndex(of: String(phrase.suffix(1))))
            let expected: SeedLanguage = common.contains(last) ? .chineseSimplified : .chineseTraditional
            #expect(try Samples.verdict(on: phrase).language == expected)
            #expect(try Samples.verdict(on: phrase, .chineseTraditional).language == .chineseTraditional)
            found[expected, default: 0] += 1
        }
        // Both kinds occurred.
        #expect(found.count == 2)
    }

    @Test("words of both Chinese lists with a checksum of neither have a bad one")
    func chineseOfNeither() throws {
        let phrase = Array(repeating: "的", count: 12).joined(separator: " ")
        #expect(
            try Samples.verdict(on: phrase) == SeedVerdict(wordCount: 12, language: nil, flaw: .badChecksum))
    }

    @Test("what validation borrowed is free afterwards, and zero memory is an error")
    func memory() throws {
        let arena = try SecretArena([.init(bytes: 4096, slots: 2)])
        #expect(throws: EnclaveError(.outOfSecureMemory)) {
            _ = try PhraseValidation(library: Samples.library, arena: arena)
        }
        #expect(arena.slotsLent == 0)
    }
}
