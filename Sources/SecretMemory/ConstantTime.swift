// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CConstantTime

/// Comparisons whose time depends on lengths alone.
package enum ConstantTime {
    /// Whether two secrets are equal; unequal lengths are, at once.
    package static func equal(_ one: borrowing Span<UInt8>, _ other: borrowing Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        // Both pointers are good for `count` bytes while the spans are borrowed.
        return unsafe one.withUnsafeBufferPointer { first in
            unsafe other.withUnsafeBufferPointer { second in
                unsafe renclave_equal(first.baseAddress, second.baseAddress, first.count) == 1
            }
        }
    }
}
