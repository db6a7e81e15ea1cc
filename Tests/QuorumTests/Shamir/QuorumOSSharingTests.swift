// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory
import Testing
import VectorKit

/// `Tests/Vectors/qos/shamir.json`: the shares of QuorumOS.
@Suite("sharing as QuorumOS does it")
struct QuorumOSSharingTests {
    struct File: Decodable {
        let multiply: [Product]
        let split: [Split]
        let reconstruct: [Reconstruction]
        let reject: [Refusal]
        let share_hash: [Digest]
    }

    struct Product: Decodable {
        let a: UInt8
        let b: UInt8
        let product: UInt8
    }

    /// `coefficients` holds the powers of each byte of the secret, where a split takes a row for each power.
    struct Split: Decodable, Sendable, CustomTestStringConvertible {
        let secret: String
        let n: Int
        let k: Int
        let coefficients: [String]
        let shares: [String: String]

        var testDescription: String { "\(k) of \(n)" }
    }

    struct Reconstruction: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let shares: [String]
        let result: String
        let is_secret: Bool

        var testDescription: String { name }
    }

    struct Refusal: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let shares: [String]
        let error: String

        var testDescription: String { name }
    }

    struct Digest: Decodable {
        let share: String
        let sha512: String
    }

    static let file = Result { try Vectors.decodeOwn(File.self, from: "qos/shamir.json") }
    static let splits = (try? file.get().split) ?? []
    static let reconstructions = (try? file.get().reconstruct) ?? []
    static let refusals = (try? file.get().reject) ?? []

    private static let errors: [String: QuorumError] = [
        "SharingMinThreshold": .thresholdBelowTwo,
        "InvalidShare": .badShare,
        "SharingInvalidIdentifier": .zeroIdentifier,
        "SharingDuplicateIdentifier": .duplicateIdentifier,
    ]

    private static func bytes(_ texts: [String]) throws -> [[UInt8]] {
        try texts.map { try #require(Hex.decode($0)) }
    }

    @Test("the file is there, with all its cases, products and digests")
    func complete() throws {
        let file = try Self.file.get()
        #expect(file.split.count == 4)
        #expect(file.reconstruct.count == 4)
        #expect(file.reject.count == 6)
        for check in file.multiply {
            #expect(GaloisField256.product(check.a, check.b) == check.product)
        }
        for digest in file.share_hash {
            let share = try #require(Hex.decode(digest.share))
            #expect(Hex.encode(SHA512.digest(share)) == digest.sha512)
        }
    }

    @Test("a split with given coefficients gives the shares", arguments: splits)
    func split(sharing: Split) throws {
        let secret = try #require(Hex.decode(sharing.secret))
        let powers = try Self.bytes(sharing.coefficients)
        let rows = (0..<sharing.k - 1).flatMap { power in powers.map { $0[power] } }
        let made = try ShareCollection.splitting(secret.span, count: sharing.n, coefficients: rows.span)
        let shares = made.copied()
        #expect(shares.count == sharing.n)
        #expect(try ShareCollection.areConsistent(shares, threshold: sharing.k))
        #expect(!sharing.shares.isEmpty)
        for (identifier, share) in sharing.shares {
            let index = try #require(Int(identifier)) - 1
            #expect(Hex.encode(shares[index]) == share, "share \(identifier)")
        }
    }

    @Test("shares give what QuorumOS gets of them", arguments: reconstructions)
    func combine(reconstruction: Reconstruction) throws {
        let combined = try ShareCollection.combining(Self.bytes(reconstruction.shares))
        #expect(Hex.encode(combined) == reconstruction.result)
        let secret = try #require(Self.splits.first { $0.k == 3 }?.secret)
        #expect((Hex.encode(combined) == secret) == reconstruction.is_secret)
    }

    @Test("what QuorumOS refuses is refused for the same reason", arguments: refusals)
    func refuse(refusal: Refusal) throws {
        let shares = try Self.bytes(refusal.shares)
        let error = try #require(Self.errors[refusal.error])
        #expect(throws: error) { try ShareCollection.combining(shares) }
    }
}
