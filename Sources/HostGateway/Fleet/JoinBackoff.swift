// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How long to wait before the next round: anything up to a bound that doubles, so that instances which failed together
/// do not come back together.
struct JoinBackoff: Equatable, Sendable {
    /// Milliseconds; the bound of the first wait, and of every late one.
    static let bounds = 100...10_000

    private(set) var bound = JoinBackoff.bounds.lowerBound

    /// The next wait.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        defer { bound = min(2 * bound, Self.bounds.upperBound) }
        return .milliseconds(Int.random(in: 0...bound, using: &generator))
    }

    /// Begins anew.
    mutating func reset() {
        bound = Self.bounds.lowerBound
    }
}
