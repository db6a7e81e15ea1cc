// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Strict DER of an ECDSA signature (RFC 3279 §2.2.3).
enum EncodedSignature {
    /// r ‖ s, 64 bytes; `nil` where the bytes are not exactly the DER of two numbers of at most 32 bytes.
    static func plain(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        guard let body = value(tag: 0x30, from: &rest), rest.isEmpty else { return nil }
        rest = body
        guard let r = number(from: &rest), let s = number(from: &rest), rest.isEmpty else { return nil }
        return r + s
    }

    /// Two numbers of 32 bytes take one byte of length.
    private static func value(tag: UInt8, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, let count = rest.popFirst(), count < 0x80, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private static func number(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard var digits = value(tag: 2, from: &rest), let first = digits.first, first < 0x80 else { return nil }
        if first == 0, digits.count > 1 {
            digits = digits.dropFirst()
            // A zero that is not needed for the sign.
            guard let second = digits.first, second >= 0x80 else { return nil }
        }
        guard digits.count <= 32 else { return nil }
        return [UInt8](repeating: 0, count: 32 - digits.count) + digits
    }
}
