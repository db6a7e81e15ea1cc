// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CConstantTime

/// The field of 256 elements modulo x⁸ + x⁴ + x³ + x + 1 (FIPS 197, section 4.2), and what sharing does in it.
///
/// Time and memory accesses depend on counts and on the x of shares, which are public, and on no value. Shares lie in
/// one span, each an x and then a value for each byte of the secret.
package enum GaloisField256 {
    /// The product; the sum is `^`.
    package static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        renclave_gf256_multiply(one, other)
    }

    /// The inverse, and 0 for 0.
    package static func inverse(of value: UInt8) -> UInt8 {
        renclave_gf256_invert(value)
    }

    /// A step of Horner's rule for every share: its values from `column` on become themselves times its x, plus `row`.
    static func absorb(
        _ row: borrowing Span<UInt8>,
        at column: Int,
        into shares: inout MutableSpan<UInt8>,
        shareBytes: Int
    ) {
        precondition(column >= 0 && row.count < shareBytes - column, "a row that does not fit")
        let shareCount = shares.count / shareBytes
        // Whole shares within the span, and a row that ends within each of them.
        unsafe row.withUnsafeBufferPointer { row in
            unsafe shares.withUnsafeMutableBufferPointer { shares in
                unsafe renclave_gf256_absorb(
                    shares.baseAddress, shareBytes, shareCount, column, row.baseAddress, row.count)
            }
        }
    }
}

// MARK: Interpolation

extension GaloisField256 {
    /// Shares through which polynomials are drawn, with what their x alone decide, for use at several points.
    struct Interpolation {
        /// The most shares that have an x each.
        static let maximumShares = 255

        private let shareBytes: Int
        private let weights: [UInt8]

        /// - Parameter shares: at least one and at most 255 whole shares of two bytes or more, each x once.
        init(_ shares: borrowing Span<UInt8>, shareBytes: Int) {
            precondition(shareBytes >= 2, "shares without values")
            let shareCount = shares.count / shareBytes
            precondition((1...Self.maximumShares).contains(shareCount), "more shares than there are x")
            self.shareBytes = shareBytes
            var weights = [UInt8](repeating: 0, count: shareCount)
            // One weight for each share that lies in the span.
            unsafe shares.withUnsafeBufferPointer { shares in
                unsafe renclave_gf256_weigh(&weights, shares.baseAddress, shareBytes, shareCount)
            }
            self.weights = weights
        }

        /// The values at `point`, which is the x of no share; `values` has one byte less than a share.
        func evaluate(_ shares: borrowing Span<UInt8>, at point: UInt8, into values: inout MutableSpan<UInt8>) {
            precondition(values.count == shareBytes - 1, "values of another length than those of the shares")
            precondition(shares.count == weights.count * shareBytes, "other shares than were weighed")
            // The two lines above are what keeps the call inside.
            unsafe values.withUnsafeMutableBufferPointer { values in
                unsafe shares.withUnsafeBufferPointer { shares in
                    unsafe renclave_gf256_interpolate(
                        values.baseAddress, shares.baseAddress, shareBytes, weights.count, weights, point)
                }
            }
        }

        /// Whether the polynomials pass through one more share, whose x is none of theirs.
        func passes(_ shares: borrowing Span<UInt8>, through share: borrowing Span<UInt8>) -> Bool {
            precondition(share.count == shareBytes, "a share of another length")
            precondition(shares.count == weights.count * shareBytes, "other shares than were weighed")
            // The two lines above are what keeps the call inside.
            return unsafe shares.withUnsafeBufferPointer { shares in
                unsafe share.withUnsafeBufferPointer { share in
                    unsafe renclave_gf256_passes_through(
                        shares.baseAddress, shareBytes, weights.count, weights, share.baseAddress) == 1
                }
            }
        }
    }
}
