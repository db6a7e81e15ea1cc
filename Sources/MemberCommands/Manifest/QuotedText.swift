// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension String {
    /// The text in quotation marks, with every character written out that could hide, move or reorder others: aliases,
    /// names and arguments come from people who may want to be taken for somebody else.
    ///
    /// Written out as `\u{…}` are controls, bidirectional and other format characters, whatever a terminal draws as
    /// nothing, line separators, unassigned and private characters, and every space but the common one; and all that is
    /// not ASCII where letters of several scripts stand together, such as a Cyrillic `а` among Latin ones, and where a
    /// mark combines with the letter before it. Two texts that differ in those never look the same.
    var quoted: String {
        mayDeceive ? spelled : quoted { $0.isPlain }
    }

    /// The text in quotation marks with all written out that is not ASCII: for texts that differ, which must not look
    /// the same whatever they are.
    var spelled: String {
        quoted { $0.isASCII && $0.isPlain }
    }

    private func quoted(asItIs isPlain: (Unicode.Scalar) -> Bool) -> String {
        var result = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            default: result += isPlain(scalar) ? "\(scalar)" : "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result + "\""
    }

    private var mayDeceive: Bool {
        let scripts = Set(unicodeScalars.compactMap { Script($0) })
        return scripts.count > 1 || scripts.contains(.disguise)
    }
}

/// Which letters belong together, as far as it takes to notice that some do not.
private enum Script: Hashable {
    case latin
    case greek
    case cyrillic
    /// Chinese, Japanese and Korean, which are written in several together.
    case eastAsian
    /// Of any other, by its place in Unicode: two of them in a text count as two scripts.
    case other(UInt32)
    /// What changes or imitates other letters: combining marks, and letters in another dress.
    case disguise

    /// nil for what belongs to every script.
    init?(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: self = .disguise
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .letterNumber:
            self = Self.ofLetter(scalar)
        case .modifierLetter:
            self = (0x3000...0x30FF).contains(scalar.value) ? .eastAsian : .disguise
        case .decimalNumber, .otherNumber:
            guard !scalar.isASCII else { return nil }
            self = .disguise
        default: return nil
        }
    }

    private static func ofLetter(_ scalar: Unicode.Scalar) -> Script {
        switch scalar.value {
        case 0x41...0x7A, 0xAA, 0xBA, 0xC0...0x24F, 0x1E00...0x1EFF: .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x400...0x52F: .cyrillic
        case 0x2E80...0x9FFF, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .eastAsian
        // Phonetic, superscript, letter-like, Roman, fullwidth and mathematical letters.
        case 0x250...0x2AF, 0x1D00...0x1DBF, 0x2071...0x218F, 0x24B6...0x24E9, 0xFB00...0xFB06, 0xFF00...0xFFEF,
            0x1D400...0x1D7FF:
            .disguise
        default: .other(scalar.value >> 7)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isPlain: Bool {
        if properties.isDefaultIgnorableCodePoint { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return false
        case .spaceSeparator: return self == " "
        default: return true
        }
    }
}
