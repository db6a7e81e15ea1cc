// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Hexadecimal: written in lower case without a prefix, read in either case with an optional `0x`.
///
/// Neither way branches on a digit's value or looks it up, so both serve for secrets; what is read or written stays in
/// the caller's memory where spans are given.
package enum Hex {
    /// The text of bytes that are no secret.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: bytes.count * 2)
        var span = text.mutableSpan
        encode(bytes.span, into: &span)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes the text of `bytes`.
    ///
    /// - Parameter text: twice as long as `bytes`.
    package static func encode(_ bytes: borrowing Span<UInt8>, into text: inout MutableSpan<UInt8>) {
        precondition(text.count == bytes.count * 2, "a text of another length")
        for index in bytes.indices {
            text[index * 2] = digit(bytes[index] >> 4)
            text[index * 2 + 1] = digit(bytes[index] & 15)
        }
    }

    /// The bytes that a text stands for, no secret; `nil` for an odd number of digits and for anything else.
    package static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        var bytes = [UInt8](repeating: 0, count: digitCount(digits.span) / 2)
        var span = bytes.mutableSpan
        return decode(digits.span, into: &span) ? bytes : nil
    }

    /// Reads a text.
    ///
    /// - Parameter bytes: zeroed where the result is false.
    /// - Returns: false where the text is no hexadecimal, or not exactly as long as `bytes` asks for.
    package static func decode(_ text: borrowing Span<UInt8>, into bytes: inout MutableSpan<UInt8>) -> Bool {
        let count = digitCount(text)
        let start = text.count - count
        var wrong: Int32 = count == bytes.count * 2 ? 0 : 1
        if wrong == 0 {
            for index in bytes.indices {
                let high = value(text[start + index * 2])
                let low = value(text[start + index * 2 + 1])
                // Negative where one of them is.
                wrong |= (high | low) >> 8
                bytes[index] = UInt8(truncatingIfNeeded: high << 4 | low)
            }
        }
        if wrong != 0 { bytes.update(repeating: 0) }
        return wrong == 0
    }

    private static func digitCount(_ text: borrowing Span<UInt8>) -> Int {
        let hasPrefix = text.count >= 2 && text[0] == UInt8(ascii: "0") && text[1] == UInt8(ascii: "x")
        return hasPrefix ? text.count - 2 : text.count
    }

    /// The digit of 0 to 15.
    private static func digit(_ value: UInt8) -> UInt8 {
        // All ones above 9, where the letters begin 39 places behind the digits.
        let isLetter = UInt8(truncatingIfNeeded: (9 - Int32(value)) >> 8)
        return value &+ UInt8(ascii: "0") &+ (isLetter & 39)
    }

    /// 0 to 15, or −1 for anything but a digit.
    private static func value(_ digit: UInt8) -> Int32 {
        let number = Int32(digit) - 0x30
        // Lower case and upper case differ in this bit.
        let letter = (Int32(digit) | 0x20) - 0x61
        // All ones where it is within its range: neither difference is then negative.
        let isNumber = ~((number | (9 - number)) >> 8)
        let isLetter = ~((letter | (5 - letter)) >> 8)
        return (number & isNumber) | ((letter + 10) & isLetter) | ~(isNumber | isLetter)
    }
}
