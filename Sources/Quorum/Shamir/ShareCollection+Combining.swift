// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import SecretMemory

extension ShareCollection {
    /// The secret that all these shares together give: the polynomials through them, at 0.
    ///
    /// Fewer shares than the threshold of the split, or a wrong one among them, give another value without an error.
    ///
    /// - Throws: in this order ``QuorumError/thresholdBelowTwo`` for fewer than two shares, ``QuorumError/badShare``
    ///   for shares of fewer than two bytes, ``QuorumError/zeroIdentifier``, ``QuorumError/duplicateIdentifier``; then
    ///   ``QuorumError/memory(_:)``.
    package borrowing func combined(memory: SecretSupply) throws(QuorumError) -> SecretBytes {
        try check()
        var secret = try memory.secret(shareBytes - 1)
        withShares(0..<count) { shares in
            let interpolation = GaloisField256.Interpolation(shares, shareBytes: shareBytes)
            secret.withMutableBytes { interpolation.evaluate(shares, at: 0, into: &$0) }
        }
        return secret
    }

    /// Whether the first `threshold` shares determine every other one. It is false where they could not be combined, or
    /// are fewer than `threshold`, or where `threshold` is below two.
    package borrowing func areConsistent(threshold: Int) -> Bool {
        guard (try? check()) != nil, (2...count).contains(threshold) else { return false }
        return withShares(0..<threshold) { first in
            let interpolation = GaloisField256.Interpolation(first, shareBytes: shareBytes)
            return (threshold..<count).reduce(true) { consistent, index in
                // First the call: every share is looked at, whatever those before it were.
                withShare(at: index) { interpolation.passes(first, through: $0) } && consistent
            }
        }
    }

    /// What has to hold of shares before a polynomial can be drawn through them.
    private borrowing func check() throws(QuorumError) {
        guard count >= 2 else { throw .thresholdBelowTwo }
        guard shareBytes >= 2 else { throw .badShare }
        let identifiers = identifiers()
        guard !identifiers.contains(0) else { throw .zeroIdentifier }
        guard Set(identifiers).count == identifiers.count else { throw .duplicateIdentifier }
    }
}
