// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A decimal number of at most 64 bits that is read digit by digit.
struct DecimalAccumulator {
    /// Nil once it went beyond 64 bits.
    private(set) var value: UInt64? = 0

    /// Takes one more digit; false for a byte that is none.
    mutating func append(_ byte: UInt8) -> Bool {
        guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return false }
        guard let value else { return true }
        let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
        let (sum, hasCarry) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
        self.value = isTooLarge || hasCarry ? nil : sum
        return true
    }
}
