// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// An integer from −2⁶³ to 2⁶⁴ − 1: what a number in the JSON of QuorumOS may be.
package struct JSONInteger: Equatable, Sendable {
    /// Never true of zero.
    package let isNegative: Bool
    package let magnitude: UInt64

    package init(_ value: UInt64) {
        isNegative = false
        magnitude = value
    }

    package init(_ value: Int64) {
        isNegative = value < 0
        magnitude = value.magnitude
    }

    /// Nil for a negative zero, and for what is below −2⁶³.
    package init?(isNegative: Bool, magnitude: UInt64) {
        guard !isNegative || (1...Int64.min.magnitude).contains(magnitude) else { return nil }
        self.isNegative = isNegative
        self.magnitude = magnitude
    }

    /// The value, where it is not negative.
    package var uint64: UInt64? { isNegative ? nil : magnitude }

    /// The value, where it is at most 2⁶³ − 1.
    package var int64: Int64? {
        isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(exactly: magnitude)
    }

    /// The decimal digits, without leading zeros, after a `-` where it is negative.
    package var decimal: String { isNegative ? "-\(magnitude)" : "\(magnitude)" }
}
