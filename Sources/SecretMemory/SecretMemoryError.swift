// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Why memory for a secret could not be had.
package enum SecretMemoryError: Error, Equatable, Sendable {
    /// The kernel refused to lock so many bytes (errno beside it): the limit on locked memory is too low.
    case notLocked(bytes: Int, errno: Int32)
    /// Every slot that is large enough is lent.
    case exhausted
    /// No slot is so large.
    case tooLarge
}
