// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory
import Testing

@Suite("combining shares")
struct CombiningTests {
    /// Every subset of `elements`.
    private static func subsets(of elements: [[UInt8]]) -> [[[UInt8]]] {
        (0..<1 << elements.count).map { chosen in
            elements.indices.filter { chosen >> $0 & 1 == 1 }.map { elements[$0] }
        }
    }

    @Test("every subset of at least threshold many of seven has the secret, and no smaller one", arguments: 2...5)
    func subsets(threshold: Int) throws {
        let secret = shareableSecret(32)
        let shares = try makeShares(secret, count: 7, threshold: threshold)
        for subset in Self.subsets(of: shares) where subset.count >= 2 {
            let combined = try ShareCollection.combining(subset)
            #expect((combined == secret) == (subset.count >= threshold), "\(subset.map { $0[0] })")
        }
    }

    @Test("the order of the shares does not matter")
    func order() throws {
        let secret = shareableSecret(32)
        let shares = try makeShares(secret, count: 9, threshold: 5)
        for _ in 0..<20 {
            #expect(try ShareCollection.combining(Array(shares.shuffled().prefix(6))) == secret)
        }
    }

    struct Refusal: Sendable {
        let shares: [[UInt8]]
        let error: QuorumError
    }

    /// What fails two checks fails by the first.
    static let refusals = [
        Refusal(shares: [], error: .thresholdBelowTwo),
        Refusal(shares: [[]], error: .thresholdBelowTwo),
        Refusal(shares: [[0]], error: .thresholdBelowTwo),
        Refusal(shares: [[0, 1]], error: .thresholdBelowTwo),
        Refusal(shares: [[], []], error: .badShare),
        Refusal(shares: [[0], [0]], error: .badShare),
        Refusal(shares: [[0, 1], [0, 1, 2]], error: .badShare),
        Refusal(shares: [[0, 1, 2], [0, 1]], error: .badShare),
        Refusal(shares: [[5, 1], [5, 1], [5]], error: .badShare),
        Refusal(shares: [[5, 1], [5, 1], [0, 1]], error: .zeroIdentifier),
        Refusal(shares: [[0, 1], [0, 1]], error: .zeroIdentifier),
        Refusal(shares: [[5, 1], [6, 1], [5, 2]], error: .duplicateIdentifier),
    ]

    @Test("shares that cannot be combined are refused, by the first check that they fail", arguments: refusals)
    func refused(refusal: Refusal) {
        #expect(throws: refusal.error) { try ShareCollection.combining(refusal.shares) }
    }

    @Test("an arena without room for the secret is an error")
    func noMemory() throws {
        let arena = try SecretArena([.init(bytes: 16, slots: 1)])
        let shares = try makeShares(shareableSecret(32), count: 3, threshold: 2)
        let collection = try ShareCollection.holding(shares)
        #expect(throws: QuorumError.memory(.tooLarge)) {
            try collection.combined(memory: .arena(arena)).copied()
        }
    }

    @Test("the secret lies in the memory that the caller supplies")
    func suppliedMemory() throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        let secret = shareableSecret(32)
        let collection = try ShareCollection.holding(makeShares(secret, count: 3, threshold: 2))
        let combined = try collection.combined(memory: .arena(arena))
        #expect(combined.copied() == secret)
        #expect(arena.slotsLent == 1)
    }
}
