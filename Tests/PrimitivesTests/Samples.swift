// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing

/// What many tests need; nothing that a test puts into secret memory is a secret.
enum Samples {
    /// The bytes of a text that the test itself wrote or a vector has.
    static func hex(_ text: String) throws -> [UInt8] {
        try #require(Hex.decode(text), "no hexadecimal: \(text)")
    }

    /// A number of `count` bytes, big-endian, from a text with fewer or more zeros in front.
    static func number(_ text: String, count: Int) throws -> [UInt8] {
        let digits = text.drop { $0 == "0" }
        return try hex(String(repeating: "0", count: max(0, count * 2 - digits.count)) + digits)
    }

    /// The order of P-256 (SEC 2 §2.4.2), less `amount`.
    static func order(less amount: UInt8) throws -> [UInt8] {
        var order = try hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
        order[31] -= amount
        return order
    }

    /// `count` bytes as `body` leaves them, which finds them all AA.
    static func filled<Failure: Error>(
        _ count: Int, _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: count)
        var span = bytes.mutableSpan
        try body(&span)
        return bytes
    }

    static func agreed(_ scalar: [UInt8], _ point: [UInt8]) throws(PrimitiveError) -> [UInt8] {
        try filled(P256.scalarBytes) { x throws(PrimitiveError) in
            try P256.agree(scalar: scalar.span, point: point, into: &x)
        }
    }

    static func derived(salt: [UInt8], secret: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        filled(count) { HKDFSHA512.derive(salt: salt, secret: secret.span, info: info, into: &$0) }
    }
}

extension SecretBytes {
    borrowing func copied() -> [UInt8] {
        withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
}
