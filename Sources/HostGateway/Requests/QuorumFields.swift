// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

// What several calls about the quorum have in common.

extension JSONBody {
    /// A text of a bounded number of bytes that is no secret, nil when absent. Throws `wrong_type` or `out_of_range`.
    private func string(_ name: String, byteCount: ClosedRange<Int>) throws(RequestError) -> String? {
        guard let text = try string(name) else { return nil }
        guard byteCount.contains(text.utf8.count) else {
            throw .outOfRange(
                path(name), expected: "\(byteCount.lowerBound) to \(byteCount.upperBound) bytes of UTF-8")
        }
        return text
    }

    /// A member's alias, nil when absent. Throws `wrong_type`, or `out_of_range` also for characters that hide, move
    /// or reorder others.
    func alias(_ name: String) throws(RequestError) -> String? {
        guard let alias = try string(name, byteCount: Limits.aliasBytes) else { return nil }
        for scalar in alias.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                throw .outOfRange(path(name), expected: "without control and format characters and line separators")
            default: continue
            }
        }
        return alias
    }

    /// A number that must be there. Throws `missing_field`, `wrong_type` or `out_of_range`.
    func number(_ name: String, in range: ClosedRange<UInt32>) throws(RequestError) -> UInt32 {
        let range = Int64(range.lowerBound)...Int64(range.upperBound)
        return UInt32(clamping: try required(name, integer(name, in: range)))
    }

    /// Bytes of one length that must be there. Throws `missing_field`, `wrong_type`, `bad_encoding` or `out_of_range`.
    func bytes(_ name: String, exactly count: Int) throws(RequestError) -> [UInt8] {
        try required(name, bytes(name, count: count...count))
    }

    /// The JSON text of `manifest_envelope`, as it was sent. Throws `missing_field` or `wrong_type`.
    func manifestEnvelope() throws(RequestError) -> [UInt8] {
        let envelope = try required("manifest_envelope", object("manifest_envelope"))
        return Array(envelope.readableBytesView)
    }

    /// The fields `namespace_name` and `namespace_nonce`.
    func namespace() throws(RequestError) -> EnclaveInfo.Namespace {
        let name = try required("namespace_name", string("namespace_name", byteCount: Limits.namespaceNameBytes))
        return EnclaveInfo.Namespace(name: name, nonce: try number("namespace_nonce", in: 0...UInt32.max))
    }
}

extension MemberRecord {
    /// The fields of a member in a request for a genesis.
    static let requestFields = ["alias", "member_alias", "pub_key"]

    /// Reads a member, whose alias has either of two names.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ body: JSONBody) throws(RequestError) {
        try body.refuse("member_alias", beside: "alias")
        let name = Self.aliasField(of: body)
        self.init(
            alias: try body.required(name, body.alias(name)),
            publicKey: try body.bytes("pub_key", exactly: Limits.publicKeyBytes)
        )
    }

    /// What the client calls the alias.
    static func aliasField(of body: JSONBody) -> String {
        body.isPresent("member_alias") ? "member_alias" : "alias"
    }
}
