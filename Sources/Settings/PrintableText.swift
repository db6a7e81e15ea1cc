// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Foreign text made fit to stand between quotation marks on one line of a message: at most 100 characters, and
/// nothing that moves a cursor, ends the line or turns the reading direction.
struct PrintableText: CustomStringConvertible {
    /// In Unicode scalars, because one grapheme may be of any length.
    static let limit = 100

    let description: String

    init(_ text: String) {
        // Every scalar gives at least one, so no more than this many need a look.
        let units = text.unicodeScalars.prefix(Self.limit + 1).map(Self.escaped)
        let total = units.reduce(0) { $0 + $1.unicodeScalars.count }
        guard total > Self.limit else {
            description = units.joined()
            return
        }
        var shown = ""
        var left = Self.limit - 1
        for unit in units {
            left -= unit.unicodeScalars.count
            guard left >= 0 else { break }
            shown += unit
        }
        description = shown + "…"
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\"", "\\": return "\\\(scalar)"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            return "\\u{\(String(scalar.value, radix: 16))}"
        default:
            return String(scalar)
        }
    }
}
