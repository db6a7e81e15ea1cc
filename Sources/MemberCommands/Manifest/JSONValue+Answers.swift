// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

// What a command prints with --json, and what it sends: objects with their members in the order given.

extension JSONValue {
    /// An object; members without a value are left out.
    static func answer(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONMember(name: name, value: $0) } })
    }

    /// An integer that is not negative.
    static func count(_ value: some BinaryInteger) -> JSONValue {
        .integer(JSONInteger(UInt64(clamping: value)))
    }

    /// On one line.
    var line: String {
        String(decoding: compact(), as: UTF8.self)
    }
}
