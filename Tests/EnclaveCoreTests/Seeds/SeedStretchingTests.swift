// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Protocol
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("stretching to a seed")
struct SeedStretchingTests {
    private static let phrase = Array(repeating: "abandon", count: 11).joined(separator: " ") + " about"

    private func seed(_ passphrase: [UInt8]) throws -> [UInt8] {
        let arena = try SecretArena([.init(bytes: 2048, slots: 3)])
        var scratch = try SecretBuffer(count: SeedStretching.scratchBytes)
        defer { #expect(scratch.copied(0..<scratch.count).allSatisfy { $0 == 0 }) }
        let seed = try SeedStretching.seed(
            phrase: try arena.secret(Array(Self.phrase.utf8)),
            passphrase: try arena.secret(passphrase),
            scratch: &scratch,
            arena: arena
        )
        return seed.copied()
    }

    private func seed(_ passphrase: String) throws -> [UInt8] {
        try seed(Array(passphrase.utf8))
    }

    /// The same with Foundation's normalisation.
    private func expected(_ passphrase: String) -> [UInt8] {
        let salt = Array(("mnemonic" + passphrase.decomposedStringWithCompatibilityMapping).utf8)
        let password = Array(Self.phrase.utf8)
        var seed = [UInt8](repeating: 0, count: 64)
        var span = seed.mutableSpan
        let done = PBKDF2.derive(password: password.span, salt: salt.span, rounds: 2048, into: &span)
        #expect(done)
        return seed
    }

    @Test("an empty passphrase gives BIP39's seed without one")
    func empty() throws {
        #expect(
            Hex.encode(try seed(""))
                == "5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc1"
                + "9a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4"
        )
    }

    @Test("a passphrase counts in NFKD, however it was typed")
    func normalForms() throws {
        let composed = "ﬁancé \u{AC00}㍍ガ①"
        let forms = [
            composed, composed.precomposedStringWithCanonicalMapping, composed.decomposedStringWithCanonicalMapping,
            composed.decomposedStringWithCompatibilityMapping, composed.precomposedStringWithCompatibilityMapping,
        ]
        #expect(Set(forms.map { Array($0.utf8) }).count >= 4)
        let seeds = try Set(forms.map { try seed($0) })
        #expect(seeds == [expected(composed)])
    }

    @Test(
        "a passphrase is taken as it is otherwise",
        arguments: [" ", "TREZOR", "trezor", "TREZOR ", "\0", "a\0b", "🔑", "\u{0301}\u{0323}"])
    func taken(passphrase: String) throws {
        #expect(try seed(passphrase) == expected(passphrase))
    }

    @Test("passphrases that differ give seeds that differ")
    func different() throws {
        let seeds = try Set(["", " ", "a", "A", "a ", " a", "a\0", "é", "e"].map { try seed($0) })
        #expect(seeds.count == 9)
    }

    @Test("1023 bytes that grow most in NFKD fit")
    func growing() throws {
        let passphrase = String(repeating: "\u{FDFA}", count: 341)
        #expect(passphrase.utf8.count == 1023)
        #expect(try seed(passphrase) == expected(passphrase))
    }

    @Test("1024 bytes fit, and one more does not")
    func longest() throws {
        let longest = String(repeating: "a", count: 1024)
        #expect(try seed(longest) == expected(longest))
        #expect(throws: EnclaveError(.outOfRange, field: "passphrase")) { try seed(longest + "a") }
    }

    @Test(
        "a passphrase that is not UTF-8 is out of range",
        arguments: [[0xFF], [0x61, 0x80], [0xC0, 0x80], [0xED, 0xB0, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: EnclaveError(.outOfRange, field: "passphrase")) { try seed(bytes) }
    }
}
