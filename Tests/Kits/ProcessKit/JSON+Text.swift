// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

// What a test makes of a value: bytes as the contract shows them, another value in a place, the text to send.

extension JSON {
    /// Bytes as a list of integers.
    package init(bytes: [UInt8]) {
        self = .array(bytes.map { .number(Double($0)) })
    }

    /// The bytes of a list of integers; `nil` where this is none.
    package var bytes: [UInt8]? {
        guard let array else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(array.count)
        for element in array {
            guard case .number(let number) = element, let byte = UInt8(exactly: number) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// An element of a list; `nil` where there is none.
    package subscript(_ index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

// MARK: Places

/// A step from a value to one inside it.
package enum JSONStep: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case member(String)
    case element(Int)

    package init(stringLiteral value: String) { self = .member(value) }
    package init(integerLiteral value: Int) { self = .element(value) }
}

extension JSON {
    /// The same with another value in a place, or without what is there where `value` is `nil`.
    package func replacing(_ path: [JSONStep], with value: JSON?) -> JSON {
        replacing(path[...], with: value) ?? .null
    }

    private func replacing(_ path: ArraySlice<JSONStep>, with value: JSON?) -> JSON? {
        guard let step = path.first else { return value }
        switch (step, self) {
        case (.member(let name), .object(var members)):
            members[name] = (members[name] ?? .null).replacing(path.dropFirst(), with: value)
            return .object(members)
        case (.element(let index), .array(var elements)) where elements.indices.contains(index):
            if let element = elements[index].replacing(path.dropFirst(), with: value) {
                elements[index] = element
            } else {
                elements.remove(at: index)
            }
            return .array(elements)
        default:
            return self
        }
    }

    /// The places of this value and of all inside it.
    package var places: [[JSONStep]] {
        let inside: [[JSONStep]] =
            switch self {
            case .object(let members):
                members.sorted { $0.key < $1.key }.flatMap { name, value in
                    value.places.map { [.member(name)] + $0 }
                }
            case .array(let elements):
                elements.enumerated().flatMap { index, value in value.places.map { [.element(index)] + $0 } }
            default: []
            }
        return [[]] + inside
    }
}

// MARK: Text

extension JSON {
    /// The value as text without white space, the members of objects by name.
    package var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += Array("null".utf8)
        case .bool(let bool): bytes += Array("\(bool)".utf8)
        case .number(let number): bytes += Array((Int64(exactly: number).map { "\($0)" } ?? "\(number)").utf8)
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let elements):
            Self.write(elements, between: "[", "]", to: &bytes) { $0.write(to: &$1) }
        case .object(let members):
            Self.write(members.sorted { $0.key < $1.key }, between: "{", "}", to: &bytes) { member, bytes in
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        between start: Unicode.Scalar,
        _ end: Unicode.Scalar,
        to bytes: inout [UInt8],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: start))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element, &bytes)
        }
        bytes.append(UInt8(ascii: end))
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: bytes += Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
