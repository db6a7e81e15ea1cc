// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// What `POST /enclave/inject-shares` brings.
struct InjectSharesBody: Sendable {
    let request: InjectSharesRequest
    /// The shares that came plain, in their order.
    let secrets: [RedactedText]

    private static let shareFields = ["member_alias", "decrypted_share", "sealed_share", "approval"]

    /// Reads a body.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        let body = try JSONBody(bytes, allowing: ["namespace_name", "namespace_nonce", "shares"])
        let namespace = try body.namespace()
        let list = try body.list("shares", count: 1...Limits.members, allowing: Self.shareFields)
        var shares: [InjectSharesRequest.OfferedShare] = []
        var secrets: [RedactedText] = []
        for share in try body.required("shares", list) {
            let alias = try share.required("member_alias", share.alias("member_alias"))
            if share.isPresent("decrypted_share") {
                let secret = try Self.plain(share)
                secrets.append(secret)
                shares.append(.init(memberAlias: alias, plain: SecretField(count: secret.count)))
            } else {
                shares.append(
                    .init(memberAlias: alias, sealed: try Self.sealed(share), approval: try Self.approval(share)))
            }
        }
        request = InjectSharesRequest(
            namespaceName: namespace.name, namespaceNonce: namespace.nonce, shares: shares)
        self.secrets = secrets
    }

    private static func plain(_ share: JSONBody) throws(RequestError) -> RedactedText {
        try share.refuse("sealed_share", beside: "decrypted_share")
        try share.refuse("approval", beside: "decrypted_share")
        let bytes = try share.bytes("decrypted_share", count: Limits.offeredShareBytes)
        return RedactedText(try share.required("decrypted_share", bytes))
    }

    private static func sealed(_ share: JSONBody) throws(RequestError) -> [UInt8] {
        guard let sealed = try share.bytes("sealed_share", count: Limits.offeredShareBytes) else {
            let name = share.path("sealed_share")
            throw RequestError(
                .missingField, field: name, message: "The field \"\(name)\" is required.",
                hint: "or \"decrypted_share\", where the enclave takes shares that are not sealed to it")
        }
        return sealed
    }

    private static func approval(_ share: JSONBody) throws(RequestError) -> [UInt8]? {
        try share.fields("approval", allowing: ["signature"])?.bytes("signature", exactly: 64)
    }
}
