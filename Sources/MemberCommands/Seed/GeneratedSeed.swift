// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// The answer to `POST /generate-seed`.
struct GeneratedSeed: Decodable {
    let seedPhrase: String
    /// Lower-case hex.
    let entropy: String
    /// Bits.
    let strength: Int
    let wordCount: Int
    /// The 64-byte BIP39 seed in hex, where a passphrase was sent.
    let seed: String?
    /// Where one was asked for.
    let language: String?

    private enum CodingKeys: String, CodingKey {
        case entropy, strength, seed, language
        case seedPhrase = "seed_phrase"
        case wordCount = "word_count"
    }

    /// Without the white space between them; Japanese words are joined by U+3000.
    var words: [Substring] { seedPhrase.split(whereSeparator: \.isWhitespace) }

    /// Whether the answer is one to this request, complete and consistent.
    ///
    /// A missing `seed` would mean that the passphrase was not used, a missing `language` that the list is another one.
    func answers(_ request: GenerateSeedBody) -> Bool {
        strength == Int(request.strength.rawValue)
            && wordCount == request.strength.wordCount
            && words.count == wordCount
            && words.allSatisfy { $0.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.isMark } }
            && Self.isHex(entropy, bytes: request.strength.entropyBytes)
            && (request.passphrase == nil ? seed == nil : seed.map { Self.isHex($0, bytes: 64) } ?? false)
            && language == request.language?.rawValue
    }

    /// What a person reads.
    func page(showingEntropy: Bool) -> [String] {
        var facts = LabelledLines()
        facts.add("Strength", "\(strength) bits")
        facts.add("Words", "\(wordCount)")
        facts.add("Language", language ?? SeedLanguage.english.rawValue)
        if seed != nil {
            facts.add("Passphrase", "in use: the words alone do not restore this seed")
        }
        if showingEntropy {
            facts.add("Entropy", entropy)
            if let seed { facts.add("Seed", seed) }
        }
        return WordColumns.lines(words) + [""] + facts.lines
    }

    private static func isHex(_ text: String, bytes: Int) -> Bool {
        text.utf8.count == bytes * 2
            && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}

extension Unicode.Scalar {
    /// Accents and voicing marks stand alone in decomposed text (NFKD).
    fileprivate var isMark: Bool { properties.generalCategory == .nonspacingMark }
}
