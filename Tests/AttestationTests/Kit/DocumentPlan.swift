// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto

@testable import Attestation

/// A document to be made: as a security module makes them, but for what a test changes.
struct DocumentPlan {
    /// The fields of the payload with their values in CBOR, in the order in which they are written.
    private(set) var fields: [(name: String, value: [UInt8])]

    /// Half an hour into the validity of the certificates of a `ChainPlan`, in milliseconds since 1970.
    static let timestamp: UInt64 = 1_767_227_400_000

    /// With every mandatory field, the optional ones being null.
    ///
    /// - Parameter certificates: root first, the document's own last; never looked into.
    init(certificates: [[UInt8]] = [[1], [2]]) {
        fields = [
            ("module_id", CBOR.text("i-0-enc0")),
            ("digest", CBOR.text("SHA384")),
            ("timestamp", CBOR.unsigned(Self.timestamp)),
            ("pcrs", CBOR.map((0..<16).map { (CBOR.unsigned(UInt64($0)), CBOR.bytes(Self.register(UInt8($0)))) })),
            ("certificate", CBOR.bytes(certificates.last ?? [])),
            ("cabundle", CBOR.array(certificates.dropLast().map(CBOR.bytes))),
            ("public_key", CBOR.null), ("user_data", CBOR.null), ("nonce", CBOR.null),
        ]
    }

    /// What register `index` is.
    static func register(_ index: UInt8) -> [UInt8] {
        [UInt8](repeating: 0x10 + index, count: 48)
    }

    /// The same with another value of a field, or without it.
    func with(_ name: String, _ value: [UInt8]?) -> DocumentPlan {
        var copy = self
        if let index = fields.firstIndex(where: { $0.name == name }) {
            if let value { copy.fields[index].value = value } else { copy.fields.remove(at: index) }
        } else if let value {
            copy.fields.append((name, value))
        }
        return copy
    }

    /// The same with one more field, whatever there is already.
    func adding(_ name: String, _ value: [UInt8]) -> DocumentPlan {
        var copy = self
        copy.fields.append((name, value))
        return copy
    }

    var entries: [([UInt8], [UInt8])] { fields.map { (CBOR.text($0.name), $0.value) } }

    func payload() -> [UInt8] { CBOR.map(entries) }

    /// With a signature that is none.
    func unsigned() -> [UInt8] {
        COSESign1.encode(payload: payload(), signature: [UInt8](repeating: 0, count: 96))
    }

    func document(signedBy key: P384.Signing.PrivateKey) throws -> [UInt8] {
        try Self.document(payload: payload(), signedBy: key)
    }

    static func document(payload: [UInt8], signedBy key: P384.Signing.PrivateKey) throws -> [UInt8] {
        let signature = try key.signature(for: COSESign1.signedBytes(payload: payload))
        return COSESign1.encode(payload: payload, signature: [UInt8](signature.rawRepresentation))
    }
}

/// Values in CBOR, to be put together.
enum CBOR {
    static let null: [UInt8] = [0xF6]

    static func unsigned(_ value: UInt64) -> [UInt8] { written { $0.unsigned(value) } }

    static func text(_ value: String) -> [UInt8] { written { $0.text(value) } }

    static func bytes(_ value: [UInt8]) -> [UInt8] { written { $0.bytes(value) } }

    static func bytes(count: Int) -> [UInt8] { bytes([UInt8](repeating: 0xAB, count: count)) }

    static func array(_ elements: [[UInt8]]) -> [UInt8] {
        written { $0.array(count: elements.count) } + elements.joined()
    }

    static func map(_ entries: [([UInt8], [UInt8])]) -> [UInt8] {
        written { $0.map(count: entries.count) } + entries.flatMap { $0 + $1 }
    }

    static func indefiniteMap(_ entries: [([UInt8], [UInt8])]) -> [UInt8] {
        [0xBF] + entries.flatMap { $0 + $1 } + [0xFF]
    }

    private static func written(_ write: (inout CBORWriter) -> Void) -> [UInt8] {
        var writer = CBORWriter()
        write(&writer)
        return writer.bytes
    }
}
