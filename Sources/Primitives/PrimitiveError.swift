// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import SecretMemory

/// Why a primitive gave nothing: the closed list of this library. No case carries a value that was read.
package enum PrimitiveError: Error, Equatable, Sendable {
    /// Memory for a secret could not be had.
    case memory(SecretMemoryError)
    /// The random source failed its test.
    case entropyFailed
    /// A library ran out of memory, or was asked for what it does not do (lengths, Argon2id's costs).
    case failed
    /// Not within 1 to n − 1, n being the order of P-256.
    case scalarOutOfRange
    /// Bytes that are not an uncompressed point on P-256.
    case badPoint
}
