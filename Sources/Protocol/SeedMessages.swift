// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The five strengths of BIP39, in bits of entropy.
package enum SeedStrength: UInt16, Codable, CaseIterable, Sendable {
    case bits128 = 128
    case bits160 = 160
    case bits192 = 192
    case bits224 = 224
    case bits256 = 256

    /// Bytes of entropy: 16, 20, 24, 28 or 32.
    package var entropyBytes: Int { Int(rawValue) / 8 }

    /// Words of the phrase: 12, 15, 18, 21 or 24 (BIP39: a checksum bit for every 32, eleven bits a word).
    package var wordCount: Int { Int(rawValue) * 33 / 32 / 11 }

    /// The strength whose phrases have so many words.
    package init?(wordCount: Int) {
        guard let match = Self.allCases.first(where: { $0.wordCount == wordCount }) else { return nil }
        self = match
    }
}

/// The ten languages of the official BIP39 word lists, in the order in which validation tries them.
package enum SeedLanguage: String, Codable, CaseIterable, Sendable {
    case english
    case japanese
    case korean
    case spanish
    case chineseSimplified = "chinese_simplified"
    case chineseTraditional = "chinese_traditional"
    case french
    case italian
    case czech
    case portuguese
}

/// Makes a phrase from fresh entropy.
package struct GenerateSeedRequest: Codable, Equatable, Sendable {
    package let strength: SeedStrength
    package let language: SeedLanguage
    /// At most ``Limits/passphraseBytes`` bytes of UTF-8.
    package let passphrase: SecretField?

    package init(strength: SeedStrength, language: SeedLanguage, passphrase: SecretField?) {
        self.strength = strength
        self.language = language
        self.passphrase = passphrase
    }
}

/// Makes the phrase that the quorum key, a type and data determine.
package struct DeriveSeedRequest: Codable, Equatable, Sendable {
    /// ``Limits/seedTypeBytes`` bytes of UTF-8, as received.
    package let seedType: String
    /// ``Limits/seedDataBytes`` bytes of UTF-8, as received.
    package let seedData: String
    package let strength: SeedStrength
    package let language: SeedLanguage
    /// At most ``Limits/passphraseBytes`` bytes of UTF-8.
    package let passphrase: SecretField?

    package init(
        seedType: String,
        seedData: String,
        strength: SeedStrength,
        language: SeedLanguage,
        passphrase: SecretField?
    ) {
        self.seedType = seedType
        self.seedData = seedData
        self.strength = strength
        self.language = language
        self.passphrase = passphrase
    }
}

/// A phrase that was made, for either request.
package struct SeedResult: Codable, Equatable, Sendable {
    package let strength: SeedStrength
    package let language: SeedLanguage
    /// UTF-8 words joined by a space, Japanese ones by U+3000.
    package let phrase: SecretField
    /// 16 to 32 bytes.
    package let entropy: SecretField
    /// The 64-byte BIP39 seed, where a passphrase was given.
    package let seed: SecretField?

    package init(
        strength: SeedStrength,
        language: SeedLanguage,
        phrase: SecretField,
        entropy: SecretField,
        seed: SecretField?
    ) {
        self.strength = strength
        self.language = language
        self.phrase = phrase
        self.entropy = entropy
        self.seed = seed
    }
}

/// Judges a phrase.
package struct ValidateSeedRequest: Codable, Equatable, Sendable {
    /// UTF-8 as the client sent it, not yet normalised.
    package let phrase: SecretField
    /// The only list to try; all of them where absent.
    package let language: SeedLanguage?

    package init(phrase: SecretField, language: SeedLanguage?) {
        self.phrase = phrase
        self.language = language
    }
}

/// What is true of a phrase.
package struct SeedVerdict: Codable, Equatable, Sendable {
    /// Why a phrase is not valid, by the names of the contract.
    package enum Flaw: String, Codable, Sendable {
        case unknownWord = "unknown_word"
        case badChecksum = "bad_checksum"
        case badWordCount = "bad_word_count"
    }

    package let wordCount: UInt32
    /// The list whose checksum holds; absent where the phrase is not valid.
    package let language: SeedLanguage?
    /// Absent where the phrase is valid.
    package let flaw: Flaw?
    /// The first unknown word, from 0.
    package let position: UInt32?
    /// True where the unknown word is known in lower case.
    package let knownInLowerCase: Bool

    package init(
        wordCount: UInt32,
        language: SeedLanguage?,
        flaw: Flaw?,
        position: UInt32? = nil,
        knownInLowerCase: Bool = false
    ) {
        self.wordCount = wordCount
        self.language = language
        self.flaw = flaw
        self.position = position
        self.knownInLowerCase = knownInLowerCase
    }
}
