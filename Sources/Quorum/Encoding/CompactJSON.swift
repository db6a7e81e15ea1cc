// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension JSONValue {
    /// The value as JSON without white space: members in their order, `null` among them, and numbers as numbers.
    ///
    /// This is the form in which QuorumOS stores manifests of the first two versions, and approvals.
    package func compact() -> [UInt8] {
        var text = CompactJSON()
        text.append(self)
        return text.bytes
    }
}

/// Writes JSON without white space.
private struct CompactJSON {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let bool): append(bool ? "true" : "false")
        case .integer(let integer): append(integer.decimal)
        case .string(let string): quote(string)
        case .array(let elements):
            list(in: ("[", "]"), elements) { text, element in text.append(element) }
        case .object(let members):
            list(in: ("{", "}"), members) { text, member in
                text.quote(member.name)
                text.append(mark: ":")
                text.append(member.value)
            }
        }
    }

    private mutating func list<Element>(
        in brackets: (Unicode.Scalar, Unicode.Scalar), _ elements: [Element],
        write: (inout CompactJSON, Element) -> Void
    ) {
        append(mark: brackets.0)
        var isFirst = true
        for element in elements {
            if !isFirst { append(mark: ",") }
            isFirst = false
            write(&self, element)
        }
        append(mark: brackets.1)
    }

    private mutating func append(mark: Unicode.Scalar) {
        bytes.append(UInt8(ascii: mark))
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}

// MARK: Strings

extension CompactJSON {
    /// Escapes what must be, in its shortest form, and nothing else: neither `/`, nor U+007F, nor what is not ASCII.
    private mutating func quote(_ string: String) {
        append(mark: "\"")
        // Nearly all text is hexadecimal, and moved whole.
        guard string.utf8.contains(where: Self.isEscaped) else {
            append(string)
            return append(mark: "\"")
        }
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20: append(byte < 0x10 ? "\\u000" : "\\u00", hexadecimal: byte)
            default: bytes.append(byte)
            }
        }
        append(mark: "\"")
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func append(_ prefix: String, hexadecimal byte: UInt8) {
        append(prefix)
        append(String(byte, radix: 16))
    }
}
