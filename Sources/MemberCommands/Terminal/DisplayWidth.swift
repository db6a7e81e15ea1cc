// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension String {
    /// How many columns of a terminal the text takes.
    ///
    /// East Asian wide characters take two (Unicode Standard Annex 11). The word lists are in decomposed form (NFKD),
    /// so marks, and the vowels and finals of a Hangul syllable, take none.
    var displayWidth: Int {
        unicodeScalars.reduce(0) { $0 + Self.width(of: $1) }
    }

    /// The text with spaces behind it, up to a number of columns.
    func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - displayWidth))
    }

    /// The beginning of the text. A grapheme cluster may be of any length, and so be no measure of what strangers say.
    func cut(toScalars count: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x3096, 0x309B...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFF01...0xFF60, 0x20000...0x3FFFD:
            return 2
        default:
            break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return 1
        }
    }
}
