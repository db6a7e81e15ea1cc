// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

@Suite("The check of a key")
struct KeyCheckTests {
    struct Vector: Sendable {
        let seed: [UInt8]
        let namespaceName: String
        let check: String
    }

    /// By another program; they may never change.
    static let vectors = [
        Vector(seed: KeySamples.seed, namespaceName: "qos-namespace", check: "a668a856fe072681"),
        Vector(seed: KeySamples.seed, namespaceName: "", check: "23c5dde95a1a5862"),
        Vector(seed: KeySamples.seed, namespaceName: "qos-namespace2", check: "609c62172eddcd1d"),
        Vector(
            seed: [UInt8](repeating: 0xFF, count: 32), namespaceName: "qos-namespace", check: "161182873ead685f"),
        Vector(
            seed: SHA256.digest(Array("a quorum seed".utf8)), namespaceName: "caf\u{E9}", check: "210751f2c38d3a38"),
        Vector(
            seed: SHA256.digest(Array("a quorum seed".utf8)), namespaceName: "cafe\u{301}", check: "b82fab276779a1d1"),
        Vector(
            seed: SHA256.digest(Array("a quorum seed".utf8)), namespaceName: String(repeating: "n", count: 300),
            check: "ca83599e1a03f308"),
    ]

    @Test("is that of another program", arguments: vectors)
    func golden(vector: Vector) throws {
        let check = try KeySamples.pair(vector.seed).keyCheck(namespaceName: vector.namespaceName)
        #expect(Hex.encode(check) == vector.check)
    }

    @Test("is no part of a seed that is derived under the same name")
    func separation() throws {
        let pair = try KeySamples.pair()
        let check = pair.keyCheck(namespaceName: "n")
        let derivation = try SeedDerivation(from: pair, namespaceName: "n")
        var entropy = [UInt8](repeating: 0, count: 8)
        var span = entropy.mutableSpan
        derivation.derive(type: "", data: "", into: &span)
        #expect(entropy != check)
    }
}
