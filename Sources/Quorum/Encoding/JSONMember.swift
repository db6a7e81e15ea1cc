// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A name and its value in a JSON object.
package struct JSONMember: Sendable {
    package let name: String
    package let value: JSONValue

    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }

    /// Whether the name is this one, byte for byte.
    package func isNamed(_ other: String) -> Bool {
        name.utf8.count == other.utf8.count && name.utf8.elementsEqual(other.utf8)
    }
}

extension JSONMember: Equatable {
    /// Whether name and value are the same, byte for byte.
    package static func == (left: JSONMember, right: JSONMember) -> Bool {
        left.isNamed(right.name) && left.value == right.value
    }
}
