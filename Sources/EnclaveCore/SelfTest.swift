// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
package import SecretMemory

/// Known answers for every primitive, run before the socket opens: an enclave that computes wrongly must not start.
package enum SelfTest {
    /// The primitive whose answer was wrong.
    package struct Failure: Error, Equatable, Sendable {
        package let primitive: String
    }

    /// Runs all tests; a few milliseconds.
    package static func run(
        arena: SecretArena,
        entropy: EntropySource,
        library: WordlistLibrary = WordlistLibrary()
    ) throws(Failure) {
        try check("SHA-256") { sha256() }
        try check("PBKDF2-HMAC-SHA512") { try stretching(arena) }
        try check("NFKD") { try normalization(arena) }
        try check("constant-time comparison") { comparison() }
        try check("random source") { try randomness(arena, entropy) }
        try check("word lists") { wordlists(library) }
        try check("BIP39") { try mnemonic(arena, library) }
    }

    private static func check(_ primitive: String, _ test: () throws -> Bool) throws(Failure) {
        guard (try? test()) == true else { throw Failure(primitive: primitive) }
    }

    /// FIPS 180-4, the one-block example.
    private static func sha256() -> Bool {
        Hex.encode(SHA256.digest(Array("abc".utf8)))
            == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    }

    /// The seed of BIP39's all-zero phrase with the passphrase TREZOR.
    private static func stretching(_ arena: SecretArena) throws -> Bool {
        let phrase = Array(repeating: "abandon", count: 11).joined(separator: " ") + " about"
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        let seed = try SeedStretching.seed(
            phrase: try secret(phrase, arena),
            passphrase: try secret("TREZOR", arena),
            scratch: &scratch,
            arena: arena
        )
        return text(seed)
            == "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553"
            + "1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04"
    }

    /// A ligature, an accent, a Hangul syllable and the ideographic space (Unicode, UAX #15).
    private static func normalization(_ arena: SecretArena) throws -> Bool {
        let input = Array("\u{FB01}\u{E9}\u{AC00}\u{3000}".utf8)
        var scratch = try arena.lend(count: UnicodeText.scratchBytes(for: input.count))
        let count = scratch.withMutableBytes { UnicodeText.normalize(input.span, into: &$0) }
        scratch.truncate(to: count ?? 0)
        return text(scratch) == Hex.encode(Array("fie\u{301}\u{1100}\u{1161} ".utf8))
    }

    private static func comparison() -> Bool {
        let one: [UInt8] = [0, 1, 2, 255]
        let other: [UInt8] = [0, 1, 2, 127]
        return ConstantTime.equal(one.span, one.span) && !ConstantTime.equal(one.span, other.span)
    }

    private static func randomness(_ arena: SecretArena, _ entropy: EntropySource) throws -> Bool {
        var draw = try arena.lend(count: 32)
        try entropy.draw(into: &draw)
        return true
    }

    /// Each list against the digest of the published file.
    private static func wordlists(_ library: WordlistLibrary) -> Bool {
        library.lists.allSatisfy { list in
            Hex.encode(SHA256.digest(list.published + [0x0A]))
                == "\(WordlistLibrary.publishedDigest(of: list.language))"
        }
    }

    /// The phrase of 16 zero bytes, made and judged.
    private static func mnemonic(_ arena: SecretArena, _ library: WordlistLibrary) throws -> Bool {
        let list = library[.english]
        let mnemonic = try Mnemonic(strength: .bits128, arena: arena) { _ in }
        let phrase = try mnemonic.phrase(in: list, separator: list.separator, arena: arena)
        var validation = try PhraseValidation(library: library, arena: arena)
        let verdict = try phrase.withBytes { phrase throws(EnclaveError) in
            try validation.verdict(on: phrase, language: nil)
        }
        let expected = Array(repeating: "abandon", count: 11).joined(separator: " ") + " about"
        return text(phrase) == Hex.encode(Array(expected.utf8)) && verdict.language == .english
    }

    // MARK: Known answers are no secrets

    private static func secret(_ text: String, _ arena: SecretArena) throws -> SecretBytes {
        let bytes = Array(text.utf8)
        var secret = try arena.lend(count: bytes.count)
        secret.withMutableBytes { $0.copy(bytes.span, at: 0) }
        return secret
    }

    private static func text(_ secret: borrowing SecretBytes) -> String {
        secret.withBytes { bytes in Hex.encode(bytes.indices.map { bytes[$0] }) }
    }
}
