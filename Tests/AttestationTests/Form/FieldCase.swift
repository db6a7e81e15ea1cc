// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

/// A field with a value that it must not have.
struct FieldCase: Sendable, CustomTestStringConvertible {
    let part: AttestationError.Part
    let name: String
    /// What is wrong with it.
    let flaw: String
    /// In CBOR; nil where the field is missing.
    let value: [UInt8]?

    var testDescription: String { "\(name): \(flaw)" }

    static let all = missing + simple + registers + certificates + optional

    private static let missing: [FieldCase] = [
        FieldCase(part: .moduleID, name: "module_id", flaw: "missing", value: nil),
        FieldCase(part: .digest, name: "digest", flaw: "missing", value: nil),
        FieldCase(part: .timestamp, name: "timestamp", flaw: "missing", value: nil),
        FieldCase(part: .registers, name: "pcrs", flaw: "missing", value: nil),
        FieldCase(part: .certificate, name: "certificate", flaw: "missing", value: nil),
        FieldCase(part: .certificateBundle, name: "cabundle", flaw: "missing", value: nil),
    ]

    private static let simple: [FieldCase] =
        cases(
            .moduleID, "module_id",
            [
                ("empty", CBOR.text("")), ("null", CBOR.null), ("bytes", CBOR.bytes([0x61])),
                ("in pieces", [0x7F, 0x61, 0x61, 0xFF]), ("not UTF-8", [0x61, 0xFF]), ("long form", [0x78, 1, 0x61]),
            ])
        + cases(
            .digest, "digest",
            [
                ("SHA256", CBOR.text("SHA256")), ("SHA512", CBOR.text("SHA512")), ("lower case", CBOR.text("sha384")),
                ("longer", CBOR.text("SHA384 ")), ("empty", CBOR.text("")), ("null", CBOR.null),
                ("bytes", CBOR.bytes(Array("SHA384".utf8))),
            ])
        + cases(
            .timestamp, "timestamp",
            [
                ("zero", CBOR.unsigned(0)), ("negative", [0x20]), ("text", CBOR.text("1")), ("null", CBOR.null),
                ("long form", [0x18, 1]), ("a float", [0xFB, 0x42, 0x79, 0, 0, 0, 0, 0, 0]),
                ("a bignum", [0xC2, 0x41, 1]),
            ])

    private static let registers: [FieldCase] = cases(
        .registers, "pcrs",
        [
            ("none", CBOR.map([])), ("null", CBOR.null), ("an array", CBOR.array([CBOR.bytes(count: 48)])),
            ("33 of them", CBOR.map((0..<33).map { (CBOR.unsigned($0), CBOR.bytes(count: 48)) })),
            ("index 32", CBOR.map([(CBOR.unsigned(32), CBOR.bytes(count: 48))])),
            ("index 2^64 - 1", CBOR.map([(CBOR.unsigned(.max), CBOR.bytes(count: 48))])),
            ("a negative index", CBOR.map([([0x20], CBOR.bytes(count: 48))])),
            ("a name", CBOR.map([(CBOR.text("0"), CBOR.bytes(count: 48))])),
            ("an index in a long form", CBOR.map([([0x18, 0], CBOR.bytes(count: 48))])),
            (
                "one twice",
                CBOR.map([UInt64](repeating: 0, count: 2).map { (CBOR.unsigned($0), CBOR.bytes(count: 48)) })
            ),
            ("47 bytes", CBOR.map([(CBOR.unsigned(0), CBOR.bytes(count: 47))])),
            ("49 bytes", CBOR.map([(CBOR.unsigned(0), CBOR.bytes(count: 49))])),
            ("no bytes", CBOR.map([(CBOR.unsigned(0), CBOR.bytes([]))])),
            ("text", CBOR.map([(CBOR.unsigned(0), CBOR.text(String(repeating: "a", count: 48)))])),
            ("null", CBOR.map([(CBOR.unsigned(0), CBOR.null)])),
            ("an indefinite map", CBOR.indefiniteMap([(CBOR.unsigned(0), CBOR.bytes(count: 48))])),
            ("in pieces", CBOR.map([(CBOR.unsigned(0), [0x5F] + CBOR.bytes(count: 48) + [0xFF])])),
        ])

    private static let certificates: [FieldCase] =
        cases(
            .certificate, "certificate",
            [
                ("empty", CBOR.bytes([])), ("1025 bytes", CBOR.bytes(count: 1025)), ("null", CBOR.null),
                ("text", CBOR.text("a")), ("in pieces", [0x5F, 0x41, 1, 0xFF]),
            ])
        + cases(
            .certificateBundle, "cabundle",
            [
                ("empty", CBOR.array([])), ("null", CBOR.null), ("one that is none", CBOR.array([CBOR.null])),
                ("an empty one", CBOR.array([CBOR.bytes([1]), CBOR.bytes([])])),
                ("one of 1025 bytes", CBOR.array([CBOR.bytes(count: 1025)])),
                ("nine", CBOR.array([[UInt8]](repeating: CBOR.bytes([1]), count: 9))),
                ("of indefinite length", [0x9F] + CBOR.bytes([1]) + [0xFF]), ("bytes", CBOR.bytes([1])),
                ("a map", CBOR.map([(CBOR.bytes([1]), CBOR.bytes([1]))])),
            ])

    private static let optional: [FieldCase] =
        cases(
            .publicKey, "public_key",
            [
                ("empty", CBOR.bytes([])), ("1025 bytes", CBOR.bytes(count: 1025)), ("text", CBOR.text("a")),
                ("undefined", [0xF7]), ("in pieces", [0x5F, 0x41, 1, 0xFF]), ("an array", CBOR.array([])),
            ])
        + cases(
            .userData, "user_data",
            [("513 bytes", CBOR.bytes(count: 513)), ("text", CBOR.text("a")), ("undefined", [0xF7]), ("false", [0xF4])])
        + cases(
            .nonce, "nonce",
            [("513 bytes", CBOR.bytes(count: 513)), ("text", CBOR.text("a")), ("undefined", [0xF7]), ("0", [0])])

    private static func cases(
        _ part: AttestationError.Part, _ name: String, _ values: [(flaw: String, value: [UInt8])]
    ) -> [FieldCase] {
        values.map { FieldCase(part: part, name: name, flaw: $0.flaw, value: $0.value) }
    }
}
