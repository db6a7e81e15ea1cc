// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The text of a JSON string that the scan has accepted: where it lies in the body, without its quotes.
struct JSONText: Sendable {
    /// Offsets from the body's first byte.
    let range: Range<Int>
    /// False only if the text has no backslash, so that its bytes are the text itself.
    let isEscaped: Bool
}

extension JSONText {
    /// The text of a string whose quotes are inside the range; whether it has a backslash is not known.
    init(string range: Range<Int>) {
        self.init(range: range.lowerBound + 1..<range.upperBound - 1, isEscaped: true)
    }
}

// MARK: Decoding

extension JSONText {
    /// The text as UTF-8.
    func unescaped(in bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\\") {
                Self.appendEscaped(bytes, &position, to: &text)
            } else {
                text.append(byte)
            }
        }
        return text
    }

    /// Decodes the escape whose backslash lies just before `position`.
    private static func appendEscaped(_ bytes: Span<UInt8>, _ position: inout Int, to text: inout [UInt8]) {
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): appendUTF8(of: scalar(bytes, &position), to: &text)
        default: text.append(letter)
        }
    }

    /// The scalar of `XXXX`, or of `XXXX\uXXXX` where the first is half of a surrogate pair (RFC 8259, section 7).
    private static func scalar(_ bytes: Span<UInt8>, _ position: inout Int) -> UInt32 {
        let first = codeUnit(bytes, &position)
        guard case 0xD800...0xDBFF = first else { return first }
        position += 2
        return 0x10000 + (first - 0xD800) << 10 + (codeUnit(bytes, &position) - 0xDC00)
    }

    private static func codeUnit(_ bytes: Span<UInt8>, _ position: inout Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in position..<position + 4 {
            unit = unit << 4 | (hexDigit(bytes[offset]) ?? 0)
        }
        position += 4
        return unit
    }

    private static func appendUTF8(of scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case 0..<0x80:
            text.append(UInt8(scalar))
        case 0x80..<0x800:
            text.append(0xC0 | UInt8(scalar >> 6))
            text.append(0x80 | UInt8(scalar & 0x3F))
        case 0x800..<0x10000:
            text.append(0xE0 | UInt8(scalar >> 12))
            text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
            text.append(0x80 | UInt8(scalar & 0x3F))
        default:
            text.append(0xF0 | UInt8(scalar >> 18))
            text.append(0x80 | UInt8(scalar >> 12 & 0x3F))
            text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
            text.append(0x80 | UInt8(scalar & 0x3F))
        }
    }

    /// The value of a hexadecimal digit in either case, nil for any other byte.
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

// MARK: Comparing and showing

extension JSONText {
    /// Whether both stand for the same text, however they are spelt.
    func equals(_ other: JSONText, in bytes: Span<UInt8>) -> Bool {
        guard !isEscaped, !other.isEscaped else { return unescaped(in: bytes) == other.unescaped(in: bytes) }
        guard range.count == other.range.count else { return false }
        for offset in 0..<range.count
        where bytes[range.lowerBound + offset] != bytes[other.range.lowerBound + offset] {
            return false
        }
        return true
    }

    /// A hash of the text that is the same for every spelling, within this process.
    func hash(in bytes: Span<UInt8>) -> Int {
        var hasher = Hasher()
        if isEscaped {
            for byte in unescaped(in: bytes) {
                hasher.combine(byte)
            }
        } else {
            for position in range {
                hasher.combine(bytes[position])
            }
        }
        return hasher.finalize()
    }

    /// Whether this stands for `name`.
    func equals(_ name: String, in bytes: Span<UInt8>) -> Bool {
        guard !isEscaped else { return unescaped(in: bytes).elementsEqual(name.utf8) }
        guard range.count == name.utf8.count else { return false }
        var position = range.lowerBound
        for byte in name.utf8 {
            guard bytes[position] == byte else { return false }
            position += 1
        }
        return true
    }

    /// The one of these names that this stands for; it is decoded at most once, and only if it can be one of them.
    func first(of names: [String], in bytes: Span<UInt8>) -> String? {
        guard isEscaped else { return names.first { equals($0, in: bytes) } }
        // No spelling takes more than six bytes for one.
        guard names.contains(where: { range.count <= 6 * $0.utf8.count }) else { return nil }
        let text = unescaped(in: bytes)
        return names.first { text.elementsEqual($0.utf8) }
    }

    /// The text where it may be shown in an error: 1 to 64 printable ASCII characters, else nil.
    func shown(in bytes: Span<UInt8>) -> String? {
        // The longest spelling of 64 characters has six bytes for each; longer ones need no decoding.
        guard range.count <= 64 * 6 else { return nil }
        let text = unescaped(in: bytes)
        guard (1...64).contains(text.count), text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}
