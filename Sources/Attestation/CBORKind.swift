// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The kinds of values in CBOR (RFC 8949, section 3.1), as the upper three bits of a value's first byte.
enum CBORKind: UInt8, Sendable {
    case unsigned = 0
    case bytes = 2
    case text = 3
    case array = 4
    case map = 5
    case tag = 6
}

/// Values and marks that are one byte (RFC 8949, sections 3.2 and 3.3).
enum CBORSimple {
    static let `false`: UInt8 = 0xF4
    static let `true`: UInt8 = 0xF5
    static let null: UInt8 = 0xF6
    /// Begins a map of indefinite length.
    static let indefiniteMap: UInt8 = 0xBF
    /// Ends what has an indefinite length.
    static let end: UInt8 = 0xFF
}
