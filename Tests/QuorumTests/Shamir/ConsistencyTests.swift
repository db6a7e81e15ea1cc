// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import Testing

@Suite("consistency of shares")
struct ConsistencyTests {
    @Test("one changed byte of any share is found", arguments: [2, 4, 6])
    func changedByte(threshold: Int) throws {
        let shares = try makeShares(shareableSecret(32), count: 7, threshold: threshold)
        for share in shares.indices {
            for byte in 1...32 {
                var changed = shares
                changed[share][byte] ^= 1 << UInt8(byte % 8)
                #expect(try !ShareCollection.areConsistent(changed, threshold: threshold), "\(share + 1): \(byte)")
            }
        }
    }

    @Test("one changed byte is found in secrets of other lengths", arguments: [1, 8, 31, 33, 40, 63, 64, 65, 96])
    func changedByteOfOtherLengths(secretBytes: Int) throws {
        let shares = try makeShares(shareableSecret(secretBytes), count: 4, threshold: 3)
        for byte in 1...secretBytes {
            var changed = shares
            changed[3][byte] ^= 0x80
            #expect(try !ShareCollection.areConsistent(changed, threshold: 3), "byte \(byte)")
        }
    }

    @Test("a changed share among 255 is found, wherever it is", arguments: [0, 99, 100, 101, 107, 108, 200, 254])
    func changedAmongMany(index: Int) throws {
        var shares = try makeShares(shareableSecret(32), count: 255, threshold: 100)
        shares[index][32] ^= 0x01
        #expect(try !ShareCollection.areConsistent(shares, threshold: 100))
    }

    @Test("a share under another x is found")
    func changedIdentifier() throws {
        var shares = try makeShares(shareableSecret(32), count: 5, threshold: 3)
        shares[4][0] = 77
        #expect(try !ShareCollection.areConsistent(shares, threshold: 3))
    }

    @Test("just threshold many shares are consistent, whatever they are")
    func noOthers() throws {
        #expect(try ShareCollection.areConsistent([[1, 2, 3], [9, 8, 7]], threshold: 2))
    }

    @Test("shares that could not be combined are not consistent")
    func notCombinable() throws {
        #expect(try !ShareCollection.areConsistent([], threshold: 2))
        #expect(try !ShareCollection.areConsistent([[1, 2]], threshold: 1))
        #expect(try !ShareCollection.areConsistent([[1], [2]], threshold: 2))
        #expect(try !ShareCollection.areConsistent([[0, 2], [1, 2]], threshold: 2))
        #expect(try !ShareCollection.areConsistent([[1, 2], [2, 2], [1, 2]], threshold: 2))
    }

    @Test("a threshold that the shares cannot have is not met", arguments: [Int.min, -1, 0, 1, 6, Int.max])
    func impossibleThreshold(threshold: Int) throws {
        let shares = try makeShares(shareableSecret(32), count: 5, threshold: 2)
        #expect(try !ShareCollection.areConsistent(shares, threshold: threshold))
    }
}
