// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory
import Testing

/// What a test shares is no secret: here it is in arrays.
extension ShareCollection {
    /// A collection of just these shares, which are as long as the first.
    static func holding(_ shares: [[UInt8]]) throws(QuorumError) -> ShareCollection {
        var collection = try ShareCollection(capacity: shares.count, shareBytes: shares.first?.count ?? 0)
        for share in shares { try collection.append(share.span) }
        return collection
    }

    /// What these shares give.
    static func combining(_ shares: [[UInt8]]) throws(QuorumError) -> [UInt8] {
        let collection = try holding(shares)
        let secret = try collection.combined(memory: .guarded)
        return secret.copied()
    }

    /// Whether the first `threshold` of these shares determine the others.
    static func areConsistent(_ shares: [[UInt8]], threshold: Int) throws(QuorumError) -> Bool {
        let collection = try holding(shares)
        return collection.areConsistent(threshold: threshold)
    }

    /// The shares in their order.
    borrowing func copied() -> [[UInt8]] {
        (0..<count).map { index in
            withShare(at: index) { share in share.indices.map { share[$0] } }
        }
    }
}

extension SecretBytes {
    /// A copy of what is in there.
    borrowing func copied() -> [UInt8] {
        withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
}

/// A secret of the given length that is another for each length.
func shareableSecret(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count * 11 + 5) }
}

/// Splits with the kernel's randomness.
func makeShares(_ secret: [UInt8], count: Int, threshold: Int) throws(QuorumError) -> [[UInt8]] {
    let entropy = EntropySource()
    let shares = try ShareCollection.splitting(secret.span, count: count, threshold: threshold, entropy: entropy)
    return shares.copied()
}
