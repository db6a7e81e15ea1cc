// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension JSONValue {
    /// The canonical JSON of QuorumOS, the form that is hashed.
    ///
    /// Members that are `null` are left out and the others sorted by name as UTF-16; integers become decimal strings;
    /// no white space.
    package func canonical() -> [UInt8] {
        canonicalized.compact()
    }

    private var canonicalized: JSONValue {
        switch self {
        case .null, .bool, .string: self
        case .integer(let integer): .string(integer.decimal)
        case .array(let elements): .array(elements.map(\.canonicalized))
        case .object(let members):
            .object(
                members.filter { $0.value != .null }
                    .sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
                    .map { JSONMember(name: $0.name, value: $0.value.canonicalized) })
        }
    }
}
