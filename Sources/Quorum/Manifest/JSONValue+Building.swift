// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// Writing what a schema has.
extension JSONValue {
    /// An object with its members in the order given; those without a value are left out.
    package static func fields(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONMember(name: name, value: $0) } })
    }

    /// Bytes in lower-case hexadecimal.
    static func hex(_ bytes: [UInt8]) -> JSONValue {
        .string(Hex.encode(bytes))
    }

    static func number(_ value: some UnsignedInteger & FixedWidthInteger) -> JSONValue {
        .integer(JSONInteger(UInt64(value)))
    }
}
