// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The type of a JSON value.
enum JSONKind: Sendable {
    case object
    case array
    case string
    case number
    case boolean
    case null
}

/// A field of the top-level object, and where its value lies.
struct JSONMember: Sendable {
    /// The name as the list of allowed fields has it, so nothing is copied from the body.
    let name: String
    let kind: JSONKind
    /// Offsets from the body's first byte; a string's quotes are inside.
    let value: Range<Int>
}
