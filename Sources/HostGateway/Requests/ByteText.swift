// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Bytes written as text, in the two forms that requests may have.
enum ByteText {
    private static let base64Prefix = Array("base64:".utf8)
    private static let hexPrefix = Array("0x".utf8)

    /// The bytes of hexadecimal digits, with or without `0x`, or of base64 after `base64:`; nil for any other text.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        if text.starts(with: base64Prefix) { return base64(text.dropFirst(base64Prefix.count)) }
        return hex(text.starts(with: hexPrefix) ? text.dropFirst(hexPrefix.count) : text[...])
    }

    private static func hex(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for position in stride(from: digits.startIndex, to: digits.endIndex, by: 2) {
            guard let high = JSONText.hexDigit(digits[position]), let low = JSONText.hexDigit(digits[position + 1])
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// Base64 of either alphabet of RFC 4648 (sections 4 and 5), but not of both in one text; with all of its padding
    /// or none; the bits that no byte takes must be zero.
    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding == 0 || text.count.isMultiple(of: 4) else { return nil }
        let digits = text.dropLast(padding)
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var alphabet: Alphabet?
        var pending: UInt32 = 0
        var bitCount = 0
        for digit in digits {
            guard let (value, itsAlphabet) = base64Digit(digit) else { return nil }
            if let itsAlphabet {
                guard alphabet == nil || alphabet == itsAlphabet else { return nil }
                alphabet = itsAlphabet
            }
            pending = pending << 6 | UInt32(value)
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bitCount)))
            pending &= 1 << UInt32(bitCount) - 1
        }
        return pending == 0 ? bytes : nil
    }

    private enum Alphabet {
        case standard
        case urlSafe
    }

    /// Six bits, and the alphabet where only one of them has the character.
    private static func base64Digit(_ character: UInt8) -> (UInt8, Alphabet?)? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): (character - UInt8(ascii: "A"), nil)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): (character - UInt8(ascii: "a") + 26, nil)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): (character - UInt8(ascii: "0") + 52, nil)
        case UInt8(ascii: "+"): (62, .standard)
        case UInt8(ascii: "/"): (63, .standard)
        case UInt8(ascii: "-"): (62, .urlSafe)
        case UInt8(ascii: "_"): (63, .urlSafe)
        default: nil
        }
    }
}
