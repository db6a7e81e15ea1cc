// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
import Protocol
package import SecretMemory

/// Known answers for every primitive, run before the socket opens: an enclave that computes wrongly must not start.
package enum SelfTest {
    /// The primitive whose answer was wrong.
    package struct Failure: Error, Equatable, Sendable {
        package let primitive: String
    }

    /// What the computations need.
    struct Means {
        let arena: SecretArena
        let entropy: EntropySource
        let library: WordlistLibrary
    }

    /// What a primitive must give for given input.
    struct KnownAnswer {
        let primitive: String
        var answer: String
        let compute: (Means) throws -> String

        /// - Parameter answer: lower-case hexadecimal where it is bytes.
        init(_ primitive: String, _ answer: String, compute: @escaping (Means) throws -> String) {
            self.primitive = primitive
            self.answer = answer
            self.compute = compute
        }
    }

    /// Runs all tests; a few milliseconds.
    package static func run(
        arena: SecretArena,
        entropy: EntropySource,
        library: WordlistLibrary = WordlistLibrary()
    ) throws(Failure) {
        try run(knownAnswers, with: Means(arena: arena, entropy: entropy, library: library))
    }

    static func run(_ answers: [KnownAnswer], with means: Means) throws(Failure) {
        for known in answers where (try? known.compute(means)) != known.answer {
            throw Failure(primitive: known.primitive)
        }
    }

    static var knownAnswers: [KnownAnswer] {
        hashAnswers + seedAnswers + sourceAnswers + keyAnswers + sharingAnswers + ceremonyAnswers
    }

    // MARK: Known answers are no secrets

    static func secret(_ bytes: [UInt8], _ arena: SecretArena) throws -> SecretBytes {
        var secret = try arena.lend(count: bytes.count)
        secret.withMutableBytes { $0.copy(bytes.span, at: 0) }
        return secret
    }

    static func text(_ secret: borrowing SecretBytes) -> String {
        secret.withBytes { bytes in Hex.encode(bytes.indices.map { bytes[$0] }) }
    }

    /// The bytes that a computation writes over `count` zeros.
    static func filled<Failure: Error>(
        _ count: Int, _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        try body(&span)
        return bytes
    }
}

// MARK: - BIP39 and what it stands on

extension SelfTest {
    private static let phraseOfZeros = Array(repeating: "abandon", count: 11).joined(separator: " ") + " about"

    static var seedAnswers: [KnownAnswer] {
        [
            // The seed of BIP39's all-zero phrase with the passphrase TREZOR.
            KnownAnswer(
                "PBKDF2-HMAC-SHA512",
                "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553"
                    + "1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04"
            ) { try stretched($0.arena) },
            // A ligature, an accent, a Hangul syllable and the ideographic space (Unicode, UAX #15).
            KnownAnswer("NFKD", Hex.encode(Array("fie\u{301}\u{1100}\u{1161} ".utf8))) { try normalized($0.arena) },
            KnownAnswer("word lists", "\(SeedLanguage.allCases.map(WordlistLibrary.publishedDigest))") { means in
                "\(means.library.lists.map { digest(of: $0) })"
            },
            // The phrase of 16 zero bytes, made and judged.
            KnownAnswer("BIP39", Hex.encode(Array(phraseOfZeros.utf8)) + " english") { try phrase($0) },
        ]
    }

    private static func stretched(_ arena: SecretArena) throws -> String {
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        let seed = try SeedStretching.seed(
            phrase: try secret(Array(phraseOfZeros.utf8), arena),
            passphrase: try secret(Array("TREZOR".utf8), arena),
            scratch: &scratch,
            arena: arena
        )
        return text(seed)
    }

    private static func normalized(_ arena: SecretArena) throws -> String {
        let input = Array("\u{FB01}\u{E9}\u{AC00}\u{3000}".utf8)
        var scratch = try arena.lend(count: UnicodeText.scratchBytes(for: input.count))
        let count = scratch.withMutableBytes { UnicodeText.normalize(input.span, into: &$0) }
        scratch.truncate(to: count ?? 0)
        return text(scratch)
    }

    /// That of the published file, which ends with a line feed.
    private static func digest(of list: Wordlist) -> String {
        Hex.encode(SHA256.digest(list.published + [0x0A]))
    }

    private static func phrase(_ means: Means) throws -> String {
        let list = means.library[.english]
        let mnemonic = try Mnemonic(strength: .bits128, arena: means.arena) { _ in }
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: means.arena)
        var validation = try PhraseValidation(library: means.library, arena: means.arena)
        let verdict = try phrase.withBytes { phrase throws(EnclaveError) in
            try validation.verdict(on: phrase, language: nil)
        }
        return "\(text(phrase)) \(verdict.language?.rawValue ?? "")"
    }
}

// MARK: - Randomness and comparison

extension SelfTest {
    static var sourceAnswers: [KnownAnswer] {
        [
            KnownAnswer("random source", "32 bytes") { means in
                var draw = try means.arena.lend(count: 32)
                try means.entropy.draw(into: &draw)
                return "\(draw.count) bytes"
            },
            KnownAnswer("constant-time comparison", "equal, unequal") { _ in
                let one: [UInt8] = [0, 1, 2, 255]
                let other: [UInt8] = [0, 1, 2, 127]
                return [one, other].map { ConstantTime.equal(one.span, $0.span) ? "equal" : "unequal" }
                    .joined(separator: ", ")
            },
        ]
    }
}
