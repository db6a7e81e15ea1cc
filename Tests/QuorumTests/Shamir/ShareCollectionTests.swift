// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import SecretMemory
import Testing

@Suite("collection of shares")
struct ShareCollectionTests {
    @Test("shares are lent as they came, in their order")
    func order() throws {
        let shares: [[UInt8]] = [[3, 1, 2], [1, 4, 5], [1, 4, 5], [0, 0, 0]]
        let collection = try ShareCollection.holding(shares)
        #expect(collection.count == 4)
        #expect(collection.copied() == shares)
    }

    @Test("a share of another length is refused, and the others stay")
    func otherLength() throws {
        var collection = try ShareCollection(capacity: 3, shareBytes: 3)
        try collection.append([1, 2, 3].span)
        for share: [UInt8] in [[], [1, 2], [1, 2, 3, 4]] {
            do {
                try collection.append(share.span)
                Issue.record("a share of \(share.count) bytes was taken")
            } catch {
                #expect(error == .badShare)
            }
        }
        #expect(collection.copied() == [[1, 2, 3]])
    }

    @Test("a share beyond the capacity is refused", arguments: [0, 1, 2, 255])
    func full(capacity: Int) throws {
        var collection = try ShareCollection(capacity: capacity, shareBytes: 2)
        for number in 0..<capacity { try collection.append([UInt8(number), 9].span) }
        do {
            try collection.append([1, 9].span)
            Issue.record("a share too many was taken")
        } catch {
            #expect(error == .tooManyShares)
        }
        #expect(collection.count == capacity)
    }

    struct Size: Sendable {
        let capacity: Int
        let shareBytes: Int
        let error: QuorumError
    }

    static let sizes = [
        Size(capacity: 256, shareBytes: 33, error: .tooManyShares),
        Size(capacity: .max, shareBytes: 33, error: .tooManyShares),
        Size(capacity: -1, shareBytes: 33, error: .tooManyShares),
        Size(capacity: 2, shareBytes: -1, error: .badShare),
        Size(capacity: 255, shareBytes: .max, error: .memory(.tooLarge)),
        Size(capacity: 1, shareBytes: .max, error: .memory(.notLocked(bytes: .max, errno: 0))),
    ]

    @Test("a collection that there cannot be is refused", arguments: sizes)
    func impossible(size: Size) {
        #expect(throws: size.error) {
            _ = try ShareCollection(capacity: size.capacity, shareBytes: size.shareBytes).count
        }
    }

    @Test("a share of a seed is an x and 32 bytes")
    func seedShare() throws {
        let shares = try makeShares(shareableSecret(32), count: 2, threshold: 2)
        #expect(shares.map(\.count) == [ShareCollection.seedShareBytes, ShareCollection.seedShareBytes])
    }
}
