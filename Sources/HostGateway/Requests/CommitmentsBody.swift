// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

extension CommitmentsRecord {
    private static let fields = [
        "namespace_name", "namespace_nonce", "manifest_hash", "quorum_public_key", "threshold", "epoch", "shares",
        "signature",
    ]
    private static let entryFields = ["x", "alias", "pub_key", "share_hash"]

    /// Reads `share_commitments`, nil where a request has none. Whether they hold is for the enclave to say.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init?(in request: JSONBody) throws(RequestError) {
        guard let body = try request.fields("share_commitments", allowing: Self.fields) else { return nil }
        let namespace = try body.namespace()
        self.init(
            namespaceName: namespace.name,
            namespaceNonce: namespace.nonce,
            manifestHash: try body.bytes("manifest_hash", exactly: 32),
            quorumPublicKey: try body.bytes("quorum_public_key", exactly: Limits.publicKeyBytes),
            threshold: try body.number("threshold", in: 2...UInt32(Limits.members)),
            epoch: try body.number("epoch", in: 0...UInt32.max),
            shares: try Self.entries(body),
            signature: try body.bytes("signature", exactly: 64)
        )
    }

    private static func entries(_ body: JSONBody) throws(RequestError) -> [Entry] {
        let list = try body.list("shares", count: 2...Limits.members, allowing: entryFields)
        var entries: [Entry] = []
        for entry in try body.required("shares", list) {
            let identifier = try entry.number("x", in: 1...UInt32(Limits.members))
            let alias = try entry.required("alias", entry.alias("alias"))
            let publicKey = try entry.bytes("pub_key", exactly: Limits.publicKeyBytes)
            entries.append(
                Entry(
                    identifier: UInt8(clamping: identifier),
                    member: MemberRecord(alias: alias, publicKey: publicKey),
                    shareHash: try entry.bytes("share_hash", exactly: 64)
                ))
        }
        return entries
    }
}
