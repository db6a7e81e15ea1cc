// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory
import Testing
import VectorKit

/// `Tests/Vectors/shamir/gf256.json`, made by another implementation.
@Suite("vectors of sharing")
struct SharingVectorsTests {
    struct File: Decodable {
        let field_checks: FieldChecks
        let cases: [Case]
        let must_refuse: [Refusal]
    }

    struct FieldChecks: Decodable {
        let mul: [[String]]
        let inv: [[String]]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let threshold: Int
        let share_count: Int
        let secret: String
        let coefficients: [String]
        let shares: [String]
        let reconstruct: [Reconstruction]
        let below_threshold: BelowThreshold

        var testDescription: String { name }
    }

    struct Reconstruction: Decodable, Sendable {
        let share_indices: [Int]
        let secret: String
    }

    struct BelowThreshold: Decodable, Sendable {
        let share_indices: [Int]
        let lagrange_at_0: String
    }

    struct Refusal: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let shares: [String]

        var testDescription: String { name }
    }

    static let file = Result { try Vectors.decodeOwn(File.self, from: "shamir/gf256.json") }
    static let cases = (try? file.get().cases) ?? []
    static let refusals = (try? file.get().must_refuse) ?? []

    /// The refusals by their names, in which the file says what is wrong.
    private static let errors: [String: QuorumError] = [
        "no shares": .thresholdBelowTwo,
        "duplicate x, equal share": .duplicateIdentifier,
        "duplicate x, different y": .duplicateIdentifier,
        "x is zero": .zeroIdentifier,
        "unequal lengths": .badShare,
        "only an x byte": .badShare,
        "empty share": .badShare,
    ]

    private static func bytes(_ texts: [String]) throws -> [[UInt8]] {
        try texts.map { try #require(Hex.decode($0)) }
    }

    @Test("the file is there, with all its cases")
    func complete() throws {
        let file = try Self.file.get()
        #expect(file.cases.count == 6)
        #expect(Set(file.must_refuse.map(\.name)) == Set(Self.errors.keys))
    }

    @Test("products and inverses are the file's")
    func field() throws {
        let checks = try Self.file.get().field_checks
        for check in try checks.mul.map({ try Self.bytes($0).flatMap(\.self) }) {
            #expect(GaloisField256.product(check[0], check[1]) == check[2], "\(check)")
        }
        for check in try checks.inv.map({ try Self.bytes($0).flatMap(\.self) }) {
            #expect(GaloisField256.inverse(of: check[0]) == check[1], "\(check)")
            #expect(GaloisField256.inverse(of: check[1]) == check[0], "\(check)")
        }
    }

    @Test("a split with the coefficients of a case gives its shares", arguments: cases)
    func split(sharing: Case) throws {
        let secret = try #require(Hex.decode(sharing.secret))
        let coefficients = try Self.bytes(sharing.coefficients).flatMap(\.self)
        // The x of a case need not follow one another, so all shares that there can be are made.
        let made = try ShareCollection.splitting(secret.span, count: 255, coefficients: coefficients.span).copied()
        let shares = try Self.bytes(sharing.shares)
        #expect(shares.count == sharing.share_count)
        for share in shares {
            #expect(made[Int(share[0]) - 1] == share)
        }
    }

    @Test("each choice of shares gives the secret", arguments: cases)
    func combine(sharing: Case) throws {
        let shares = try Self.bytes(sharing.shares)
        for choice in sharing.reconstruct {
            let combined = try ShareCollection.combining(choice.share_indices.map { shares[$0] })
            #expect(Hex.encode(combined) == choice.secret, "\(choice.share_indices)")
        }
        #expect(try ShareCollection.areConsistent(shares, threshold: sharing.threshold))
    }

    @Test("too few shares give the other value, or are refused where there is but one", arguments: cases)
    func belowThreshold(sharing: Case) throws {
        let shares = try Self.bytes(sharing.shares)
        let chosen = sharing.below_threshold.share_indices.map { shares[$0] }
        if chosen.count < 2 {
            #expect(throws: QuorumError.thresholdBelowTwo) { try ShareCollection.combining(chosen) }
        } else {
            #expect(try Hex.encode(ShareCollection.combining(chosen)) == sharing.below_threshold.lagrange_at_0)
        }
    }

    @Test("what has to be refused is refused", arguments: refusals)
    func refuse(refusal: Refusal) throws {
        let shares = try Self.bytes(refusal.shares)
        let error = try #require(Self.errors[refusal.name])
        #expect(throws: error) { try ShareCollection.combining(shares) }
    }
}
