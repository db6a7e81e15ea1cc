// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a JSON number is as an integer, found without floating point and in one pass whatever its exponent.
enum JSONInteger: Equatable, Sendable {
    case value(Int64)
    /// An integer that does not fit in 64 bits.
    case beyond64Bits
    /// No integer.
    case fractional

    /// Reads a number that is well formed by RFC 8259.
    init(reading number: Span<UInt8>) {
        var digits = SignificantDigits()
        var position = 0
        while position < number.count, number[position] | 0x20 != UInt8(ascii: "e") {
            digits.append(number[position])
            position += 1
        }
        // 10^15 is beyond any count of digits that a body can hold, and far from overflowing below.
        let limit = 1_000_000_000_000_000
        var exponent = 0
        var isExponentNegative = false
        for index in position..<number.count {
            switch number[index] {
            case UInt8(ascii: "-"): isExponentNegative = true
            case let byte where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"):
                exponent = min(exponent * 10 + Int(byte - UInt8(ascii: "0")), limit)
            default: continue
            }
        }
        self = digits.integer(timesTenTo: isExponentNegative ? -exponent : exponent)
    }
}

/// The digits of a number from its first to its last that is not zero, and where its decimal point is.
private struct SignificantDigits {
    private var magnitude: UInt64 = 0
    /// How many digits `magnitude` stands for; beyond 19 it is no longer kept.
    private var count = 0
    private var trailingZeros = 0
    private var fractionDigits = 0
    private var isFraction = false
    private var isNegative = false

    mutating func append(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "-"):
            isNegative = true
        case UInt8(ascii: "."):
            isFraction = true
        default:
            if isFraction { fractionDigits += 1 }
            appendDigit(UInt64(byte - UInt8(ascii: "0")))
        }
    }

    private mutating func appendDigit(_ digit: UInt64) {
        guard digit > 0 else {
            if count > 0 { trailingZeros += 1 }
            return
        }
        count += trailingZeros + 1
        if count <= 19 {
            magnitude = magnitude * Self.powerOfTen(trailingZeros + 1) + digit
        }
        trailingZeros = 0
    }

    func integer(timesTenTo exponent: Int) -> JSONInteger {
        guard count > 0 else { return .value(0) }
        let scale = exponent - fractionDigits + trailingZeros
        guard scale >= 0 else { return .fractional }
        // Nineteen digits always fit in an unsigned 64-bit integer, twenty never in a signed one.
        guard count + scale <= 19 else { return .beyond64Bits }
        let product = magnitude * Self.powerOfTen(scale)
        guard isNegative else { return Int64(exactly: product).map(JSONInteger.value) ?? .beyond64Bits }
        guard product <= Int64.min.magnitude else { return .beyond64Bits }
        return .value(Int64(truncatingIfNeeded: 0 &- product))
    }

    private static func powerOfTen(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent {
            power *= 10
        }
        return power
    }
}
