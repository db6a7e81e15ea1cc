// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing

@testable import Quorum

/// A seed that another program derived; none of these values may ever change.
struct DerivedSeedVector: Sendable, CustomTestStringConvertible {
    let quorumSeed: [UInt8]
    let namespaceName: String
    let type: String
    let data: String
    /// In hexadecimal; its length is the strength.
    let entropy: String

    var testDescription: String { "\(namespaceName), \(type), \(data.prefix(20)), \(entropy.count * 4) bits" }

    init(_ quorumSeed: [UInt8], _ namespaceName: String, _ type: String, _ data: String, _ entropy: String) {
        self.quorumSeed = quorumSeed
        self.namespaceName = namespaceName
        self.type = type
        self.data = data
        self.entropy = entropy
    }

    private static let counting = KeySamples.seed
    private static let ones = [UInt8](repeating: 0xFF, count: 32)
    private static let other = SHA256.digest(Array("a quorum seed".utf8))

    static let all = [
        DerivedSeedVector(
            counting, "qos-namespace", "wallet", "account-1",
            "015551cd1c302887987c808caa67f79536828941e2809834b64473cb2c87e20b"),
        DerivedSeedVector(
            counting, "qos-namespace", "wallet", "account-1", "a046c5ceaf3ba480bb59d503ddb77c6c"),
        DerivedSeedVector(
            counting, "qos-namespace", "wallet", "account-1", "8bb82057249d6d56022dfdc6752a6ea2ae3fc33b"),
        DerivedSeedVector(
            counting, "qos-namespace", "wallet", "account-1", "86ab494c8411b73bff2cdf94e019325b16eba9645bcb62bd"),
        DerivedSeedVector(
            counting, "qos-namespace", "wallet", "account-1",
            "04e6faa74a03c361a4ba19f6e2f1f5972fd9f729388db9e2bea5524c"),
        DerivedSeedVector(
            ones, "qos-namespace", "wallet", "account-1",
            "d9ba4b7c1c8b7405c2953ce3e14d1fa30003176463fce05320c07b7948dba4ed"),
        DerivedSeedVector(
            other, "", "", "", "9ab0ee57e24d7646f89e6346dba56c96a45874b9379690a2603adf05f8b85efa"),
        DerivedSeedVector(
            other, "prod/eu-1", "t\u{FC}r", String(repeating: "x", count: 300),
            "f69f45b96ad6ee684e8036286f0bf4140d51e43f7c1a4eb814c6e3c98e0b346b"),
        DerivedSeedVector(counting, "n", "a\u{0}b", "", "969459bef64405a4875a0ab7eb6169a9"),
        // The same characters, otherwise divided.
        DerivedSeedVector(counting, "a", "bc", "", "249b78d71edc8755576c0946540bf6b7"),
        DerivedSeedVector(counting, "ab", "c", "", "221d33b0b0e49c29d27d40a56a881b93"),
        DerivedSeedVector(counting, "", "a", "bc", "3138d50224d0a3d9071fa77465edd8a7"),
        DerivedSeedVector(counting, "", "ab", "c", "a83a0192640d99b0bcd367e87eb1bdd9"),
        // The same text in two normalizations.
        DerivedSeedVector(
            counting, "n", "caf\u{E9}", "\u{1F511}",
            "8ac7bf2b4867f748d440fbab86980a2add09c09123f341dc11a6e0b0c39ff86a"),
        DerivedSeedVector(
            counting, "n", "cafe\u{301}", "\u{1F511}",
            "dc2f68d18458214b342c7a81a64af277ea38aa35a82ec3c4ba99b63410cf94dc"),
    ]
}

@Suite("Derived seeds")
struct SeedDerivationTests {
    /// Derives into secret memory, as the enclave does.
    private func derived(
        _ namespaceName: String, _ type: String, _ data: String, bytes: Int = 32, of seed: [UInt8] = KeySamples.seed
    ) throws -> [UInt8] {
        let derivation = try SeedDerivation(from: KeySamples.pair(seed), namespaceName: namespaceName)
        var output = try SecretSupply.guarded.take(bytes)
        output.withMutableBytes { derivation.derive(type: type, data: data, into: &$0) }
        return output.copied()
    }

    @Test("are those of another program", arguments: DerivedSeedVector.all)
    func golden(vector: DerivedSeedVector) throws {
        let entropy = try derived(
            vector.namespaceName, vector.type, vector.data, bytes: vector.entropy.count / 2, of: vector.quorumSeed)
        #expect(Hex.encode(entropy) == vector.entropy)
    }

    @Test("share no beginning, whatever differs between them")
    func unrelated() {
        // As many characters as the shortest has.
        let beginnings = Set(DerivedSeedVector.all.map { $0.entropy.prefix(32) })
        #expect(beginnings.count == DerivedSeedVector.all.count)
    }

    @Test("are another for each key, name, type, data and strength")
    func parts() throws {
        let base = try derived("name", "type", "data")
        #expect(try derived("name", "type", "data") == base)
        let changed = [
            try derived("name", "type", "data", of: [UInt8](repeating: 1, count: 32)),
            try derived("Name", "type", "data"), try derived("name", "Type", "data"),
            try derived("name", "type", "Data"), try derived("name", "data", "type"),
            try derived("type", "name", "data"), try derived("name", "type", "data", bytes: 16),
            try derived("name", "type", "data", bytes: 64),
        ]
        #expect(Set((changed + [base]).map { $0.prefix(16) }).count == changed.count + 1)
    }

    @Test("do not depend on what was derived before")
    func independence() throws {
        let derivation = try SeedDerivation(from: KeySamples.pair(), namespaceName: "qos-namespace")
        let vectors = DerivedSeedVector.all.prefix(5)
        for vector in Array(vectors) + vectors.reversed() {
            var output = [UInt8](repeating: 0xAA, count: vector.entropy.count / 2)
            var span = output.mutableSpan
            derivation.derive(type: vector.type, data: vector.data, into: &span)
            #expect(Hex.encode(output) == vector.entropy)
        }
    }

    @Test("outlive the key pair that they come from")
    func lifetime() throws {
        var pair: QuorumKeyPair? = try KeySamples.pair()
        let derivation = try SeedDerivation(from: try #require(pair), namespaceName: "qos-namespace")
        pair = nil
        var output = [UInt8](repeating: 0, count: 16)
        var span = output.mutableSpan
        derivation.derive(type: "wallet", data: "account-1", into: &span)
        #expect(Hex.encode(output) == "a046c5ceaf3ba480bb59d503ddb77c6c")
    }

    @Test("of no strength are empty")
    func empty() throws {
        let derivation = try SeedDerivation(from: KeySamples.pair(), namespaceName: "n")
        var output: [UInt8] = []
        var span = output.mutableSpan
        derivation.derive(type: "", data: "", into: &span)
        #expect(output.isEmpty)
    }

    @Test("can be as long as 16 bits can say")
    func longest() throws {
        let entropy = try derived("n", "", "", bytes: 8191)
        #expect(Hex.encode(Array(entropy.prefix(16))) == "d3d2eb5c7e2432fb643fd67abf3d1142")
        #expect(Hex.encode(Array(entropy.suffix(16))) == "2df2de50b78ad67b2d6a5a32803f5546")
    }

    @Test("of a strength that 16 bits cannot say are not derived")
    func tooLong() async {
        await #expect(processExitsWith: .failure) {
            let derivation = try SeedDerivation(from: KeySamples.pair(), namespaceName: "n")
            var output = [UInt8](repeating: 0, count: 8192)
            var span = output.mutableSpan
            derivation.derive(type: "", data: "", into: &span)
        }
    }
}
