// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing
import VectorKit

@testable import Quorum

/// QuorumOS's keys: a seed and all that comes of it.
struct KeyVectors: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let master_seed: String
        let sign_scalar: String
        let encrypt_scalar: String
        let aes_gcm_256_key: String
        let public_key: String
        let quorum_key_hash: String

        var testDescription: String { master_seed }
    }

    let cases: [Case]

    static func all() throws -> [Case] {
        try Vectors.decodeOwn(KeyVectors.self, from: "qos/keys.json").cases
    }
}

@Suite("A key pair")
struct QuorumKeyPairTests {
    @Test("there are four published seeds")
    func count() throws {
        #expect(try KeyVectors.all().count == 4)
    }

    @Test("derives the published scalars, AES key, public key and hash", arguments: try KeyVectors.all())
    func derivation(vector: KeyVectors.Case) throws {
        let pair = try KeySamples.pair(hex: vector.master_seed)
        #expect(pair.withSeed { Hex.encode(KeySamples.copy($0)) } == vector.master_seed)
        #expect(pair.material.withSigningScalar { Hex.encode(KeySamples.copy($0)) } == vector.sign_scalar)
        #expect(pair.material.withEncryptionScalar { Hex.encode(KeySamples.copy($0)) } == vector.encrypt_scalar)
        #expect(pair.material.withSymmetricKey { Hex.encode(KeySamples.copy($0)) } == vector.aes_gcm_256_key)
        #expect(Hex.encode(pair.publicKey.bytes) == vector.public_key)
        #expect(Hex.encode(try pair.seedHash()) == vector.quorum_key_hash)
        #expect(try QuorumPublicKey(try KeySamples.hex(vector.public_key)) == pair.publicKey)
    }

    @Test("is refused for a seed of another length", arguments: [0, 1, 31, 33, 64, 128])
    func seedLength(count: Int) {
        let seed = KeySamples.bytes(count, numbered: 1)
        #expect(throws: QuorumError.badSecret) { _ = try QuorumKeyPair(seed: seed.span) }
    }

    @Test("is generated from 32 drawn bytes")
    func generated() throws {
        let pair = try QuorumKeyPair.generate(from: KeySamples.scripted([KeySamples.seed]))
        #expect(pair.publicKey == (try KeySamples.pair().publicKey))
    }

    @Test("differs from one generation to the next")
    func distinct() throws {
        let entropy = EntropySource()
        let keys = Set(try (0..<8).map { _ in try QuorumKeyPair.generate(from: entropy).publicKey })
        #expect(keys.count == 8)
    }

    @Test("is not generated from a broken source")
    func brokenSource() {
        #expect(throws: QuorumError.primitive(.entropyFailed)) {
            _ = try QuorumKeyPair.generate(from: KeySamples.scripted([]))
        }
    }

    @Test("keeps the seed it was given when the caller's copy changes")
    func ownCopy() throws {
        var seed = KeySamples.seed
        let pair = try QuorumKeyPair(seed: seed.span)
        seed[0] ^= 1
        #expect(pair.withSeed { KeySamples.copy($0) } == KeySamples.seed)
        #expect(seed != KeySamples.seed)
    }

    @Test("hands on what the borrower of its seed throws")
    func borrowerThrows() throws {
        let pair = try KeySamples.pair()
        #expect(throws: QuorumError.badShare) {
            try pair.withSeed { _ throws(QuorumError) in throw .badShare }
        }
    }

    @Test("is used by many threads at once")
    func concurrent() async throws {
        let pair = try KeySamples.pair()
        let message = Array("abc".utf8)
        let expected = try pair.sign(message)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (try? pair.sign(message)) == expected }
            }
            for await isSame in group { #expect(isSame) }
        }
    }
}
