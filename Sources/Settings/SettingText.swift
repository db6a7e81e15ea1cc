// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The texts that settings are made of. Every function gives `nil` for a text that is not exactly of its kind.
///
/// Lists are separated by commas, have no empty and no repeated item, and may have spaces beside a comma.
package enum SettingText {
    /// A decimal number in `range`: digits alone, without sign, space or leading zero.
    package static func unsigned<T: FixedWidthInteger>(_ text: some StringProtocol, in range: ClosedRange<T>) -> T? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
        guard let value = T(text), range.contains(value) else { return nil }
        return value
    }

    /// `true` or `false`, and nothing else: a slip must not pass for a no.
    package static func bool(_ text: String) -> Bool? {
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// One port or a list of them, 1 to 65535, in the order given.
    package static func ports(_ text: String) -> [UInt16]? {
        list(text) { unsigned($0, in: 1...UInt16.max) }
    }

    /// A list of numbers of users or groups, in the order given. 4294967295 is none: to the kernel it means "no
    /// change".
    package static func userIDs(_ text: String) -> [UInt32]? {
        list(text) { unsigned($0, in: 0...(UInt32.max - 1)) }
    }

    /// A list of names, each of 1 to 253 visible ASCII characters, in the order given. (253: the longest DNS name.)
    package static func names(_ text: String) -> [String]? {
        list(text) { item in
            let isName = (1...253).contains(item.utf8.count) && item.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            return isName ? String(item) : nil
        }
    }

    /// A list whose items are all among `choices`, in the order given.
    package static func names(_ text: String, among choices: Set<String>) -> [String]? {
        list(text) { choices.contains(String($0)) ? String($0) : nil }
    }

    /// Exactly `byteCount` bytes in hexadecimal digits of either case, without a prefix.
    package static func hex(_ text: String, byteCount: Int) -> [UInt8]? {
        let digits = text.utf8.compactMap(nibble)
        guard digits.count == text.utf8.count, digits.count == 2 * byteCount else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func list<Item: Hashable>(_ text: String, item: (Substring) -> Item?) -> [Item]? {
        guard text.first != " ", text.last != " " else { return nil }
        var items: [Item] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let value = item(withoutOuterSpaces(part)) else { return nil }
            items.append(value)
        }
        return Set(items).count == items.count ? items : nil
    }

    private static func withoutOuterSpaces(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
