// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
package import SecretMemory

extension ShareCollection {
    /// The most bytes of one draw: for so many the false alarm of the source's test is stated.
    private static let drawBytes = 64

    /// Splits a secret into `count` shares with x = 1, 2, and so on, of which any `threshold` give it back and fewer
    /// say nothing of it. The coefficients are uniform, the highest among them.
    ///
    /// - Parameter memory: where the coefficients are, one draw after the other.
    /// - Throws: in this order ``QuorumError/tooManyShares`` (above 255), ``QuorumError/emptySecret``,
    ///   ``QuorumError/thresholdAboveCount``, ``QuorumError/thresholdBelowTwo``; then ``QuorumError/memory(_:)``, and
    ///   ``QuorumError/primitive(_:)`` where a draw fails.
    package static func splitting(
        _ secret: borrowing Span<UInt8>,
        count: Int,
        threshold: Int,
        entropy: EntropySource,
        memory: SecretSupply = .guarded
    ) throws(QuorumError) -> ShareCollection {
        try check(secretBytes: secret.count, count: count, threshold: threshold)
        var shares = try ShareCollection(numbering: count, secretBytes: secret.count)
        var draw = try memory.secret(drawBytes)
        var column = 0
        while column < secret.count {
            let width = min(drawBytes, secret.count - column)
            try shares.absorb(rows: threshold - 1, of: width, at: column, drawing: &draw, from: entropy)
            column += width
        }
        shares.absorb(secret, at: 0)
        return shares
    }

    /// Splits a secret with coefficients of the caller's choice, as test vectors give them; no secret that matters may
    /// be split so.
    ///
    /// - Parameter coefficients: a row of as many bytes as the secret has for each power of x, from the first power up;
    ///   the threshold is one more than there are rows.
    /// - Throws: as with drawn coefficients, and ``QuorumError/badShare`` where they are no whole rows.
    package static func splitting(
        _ secret: borrowing Span<UInt8>,
        count: Int,
        coefficients: borrowing Span<UInt8>
    ) throws(QuorumError) -> ShareCollection {
        guard !secret.isEmpty else { throw count > maximumCount ? .tooManyShares : .emptySecret }
        let (powers, rest) = coefficients.count.quotientAndRemainder(dividingBy: secret.count)
        try check(secretBytes: secret.count, count: count, threshold: powers + 1)
        guard rest == 0 else { throw .badShare }
        var shares = try ShareCollection(numbering: count, secretBytes: secret.count)
        for power in (0..<powers).reversed() {
            shares.absorb(coefficients.extracting(power * secret.count..<(power + 1) * secret.count), at: 0)
        }
        shares.absorb(secret, at: 0)
        return shares
    }

    private static func check(secretBytes: Int, count: Int, threshold: Int) throws(QuorumError) {
        guard count <= maximumCount else { throw .tooManyShares }
        guard secretBytes > 0 else { throw .emptySecret }
        guard count >= threshold else { throw .thresholdAboveCount }
        guard threshold >= 2 else { throw .thresholdBelowTwo }
    }

    /// `count` shares with x = 1, 2, and so on, whose values are 0.
    private init(numbering count: Int, secretBytes: Int) throws(QuorumError) {
        try self.init(capacity: count, shareBytes: secretBytes + 1)
        let shareBytes = secretBytes + 1
        withMutableShares { shares in
            for index in 0..<count { shares[index * shareBytes] = UInt8(index + 1) }
        }
        self.count = count
    }

    private mutating func absorb(_ row: borrowing Span<UInt8>, at column: Int) {
        let shareBytes = shareBytes
        withMutableShares { GaloisField256.absorb(row, at: column, into: &$0, shareBytes: shareBytes) }
    }

    /// Draws `rows` rows of coefficients for `width` bytes of the secret, as many at once as a draw has, and absorbs
    /// each.
    private mutating func absorb(
        rows: Int,
        of width: Int,
        at column: Int,
        drawing draw: inout SecretBytes,
        from entropy: EntropySource
    ) throws(QuorumError) {
        let rowsOfDraw = Self.drawBytes / width
        for row in 0..<rows {
            let rowOfDraw = row % rowsOfDraw
            if rowOfDraw == 0 { try entropy.refill(&draw) }
            let shareBytes = shareBytes
            withMutableShares { shares in
                draw.withBytes { bytes in
                    let row = bytes.extracting(rowOfDraw * width..<(rowOfDraw + 1) * width)
                    GaloisField256.absorb(row, at: column, into: &shares, shareBytes: shareBytes)
                }
            }
        }
    }
}
