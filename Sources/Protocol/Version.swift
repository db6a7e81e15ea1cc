// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What this build is and what it can speak.
package enum Version {
    /// The product's version, as both processes report it.
    package static let product = "0.1.0"

    /// The protocol versions that this build speaks. A build speaks the newest and the one before it.
    package static let spoken: ClosedRange<UInt16> = 1...1

    /// The newest version that both ranges contain.
    package static func common(_ one: ClosedRange<UInt16>, _ other: ClosedRange<UInt16>) -> UInt16? {
        let newest = min(one.upperBound, other.upperBound)
        return newest >= max(one.lowerBound, other.lowerBound) ? newest : nil
    }
}
