// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A JSON document, or a part of one, as QuorumOS uses JSON: its numbers are 64-bit integers.
///
/// An object keeps the order of its members. Strings are equal where their UTF-8 is: other than with Swift's `==`, two
/// spellings of `é` are two strings.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(JSONInteger)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

extension JSONValue: Equatable {
    /// Whether the two are the same, byte for byte; members in another order are another object.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONValue {
    /// The value of the member of that name, which may be `null`; nil where there is none, or this is no object.
    package func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.isNamed(name) }?.value
    }
}
