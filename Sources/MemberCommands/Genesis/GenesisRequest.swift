// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What is asked of a genesis: a member's own copy of the request, or one that is about to be written.
struct GenesisRequest: Equatable {
    let namespaceName: String
    let namespaceNonce: UInt32
    let manifestSet: MemberSet
    /// The place in it, from 1, is a share's x.
    let shareSet: MemberSet
    /// 32 bytes; absent or zeros for the hash of the enclave that is asked.
    let pivotHash: [UInt8]?
    let pivotArguments: [String]
    /// 130 bytes.
    let recoveryKey: [UInt8]?
    /// What the document about the genesis is to carry.
    var nonce: [UInt8]?

    /// Whether the request says which application it is for.
    var namesPivot: Bool { pivotHash?.contains { $0 != 0 } ?? false }
}

// MARK: - Reading

extension GenesisRequest {
    private static let common = [
        "namespace_name", "namespace_nonce", "manifest_members", "manifest_threshold", "share_members",
        "share_threshold", "dr_key", "nonce",
    ]

    /// Reads a request in the flat form, or in the envelope that `genesis_key_generator` writes.
    ///
    /// A field that is not known is refused: misspelt, it would not be compared.
    ///
    /// - Throws: ``CommandFailure``.
    init(reading bytes: [UInt8]) throws(CommandFailure) {
        do {
            try self.init(JSONValue(parsing: bytes))
        } catch {
            throw .failed("The request is not one for a genesis: \(error.words).")
        }
    }

    private init(_ json: JSONValue) throws(QuorumError) {
        guard let parameters = try json.optional("parameters") else {
            try json.allowOnly(Self.common + ["pivot_hash", "pivot_args"])
            try self.init(
                json,
                thresholds: ("manifest_threshold", "share_threshold"),
                pivotHash: json.optional("pivot_hash"),
                pivotArguments: json.optional("pivot_args")
            )
            return
        }
        try json.allowOnly(["type", "timestampMs", "organizationId", "parameters"])
        try parameters.allowOnly(Self.common + ["threshold", "pivot"])
        let pivot = try parameters.optional("pivot")
        try pivot?.allowOnly(["hash", "args"])
        let hasOneThreshold = try parameters.optional("threshold") != nil
        for name in ["manifest_threshold", "share_threshold"] where hasOneThreshold {
            guard try parameters.optional(name) == nil else { throw .malformedManifest }
        }
        try self.init(
            parameters,
            thresholds: hasOneThreshold ? ("threshold", "threshold") : ("manifest_threshold", "share_threshold"),
            pivotHash: pivot?.optional("hash"),
            pivotArguments: pivot?.optional("args")
        )
    }

    private init(
        _ json: JSONValue,
        thresholds: (manifest: String, share: String),
        pivotHash: JSONValue?,
        pivotArguments: JSONValue?
    ) throws(QuorumError) {
        namespaceName = try json.required("namespace_name").text()
        namespaceNonce = try json.required("namespace_nonce").number()
        manifestSet = MemberSet(
            threshold: try json.required(thresholds.manifest).number(),
            members: try Self.members(json.required("manifest_members"))
        )
        shareSet = MemberSet(
            threshold: try json.required(thresholds.share).number(),
            members: try Self.members(json.required("share_members"))
        )
        self.pivotHash = try pivotHash?.requestBytes()
        self.pivotArguments = try pivotArguments?.elements().map { (text) throws(QuorumError) in try text.text() } ?? []
        recoveryKey = try json.optional("dr_key")?.requestBytes()
        nonce = try json.optional("nonce")?.requestBytes()
        guard self.pivotHash == nil || self.pivotHash?.count == 32 else { throw .malformedManifest }
    }

    private static func members(_ json: JSONValue) throws(QuorumError) -> [QuorumMember] {
        try json.elements().map { (member) throws(QuorumError) in
            try member.allowOnly(["alias", "member_alias", "pub_key"])
            let names = [try member.optional("alias"), try member.optional("member_alias")].compactMap { $0 }
            guard names.count == 1, let alias = names.first else { throw .malformedManifest }
            return QuorumMember(alias: try alias.text(), publicKey: try member.required("pub_key").requestBytes())
        }
    }
}

extension JSONValue {
    fileprivate func allowOnly(_ names: [String]) throws(QuorumError) {
        let members = try members()
        guard members.allSatisfy({ member in names.contains { member.isNamed($0) } }) else { throw .malformedManifest }
    }

    fileprivate func number() throws(QuorumError) -> UInt32 {
        guard case .integer = self else { throw .malformedManifest }
        return UInt32(clamping: try unsigned(max: UInt64(UInt32.max)))
    }
}

// MARK: - Writing

extension GenesisRequest {
    /// The request in the envelope, with one threshold where both are the same.
    ///
    /// - Parameter milliseconds: when it was made, since 1970.
    func json(milliseconds: UInt64, organization: String) -> JSONValue {
        let isOne = manifestSet.threshold == shareSet.threshold
        return .fields([
            "type": .string("ACTIVITY_TYPE_GENESIS_BOOT"),
            "timestampMs": .string("\(milliseconds)"),
            "organizationId": .string(organization),
            "parameters": .fields([
                "namespace_name": .string(namespaceName),
                "namespace_nonce": .count(namespaceNonce),
                "manifest_members": Self.json(manifestSet.members),
                "manifest_threshold": isOne ? nil : .count(manifestSet.threshold),
                "share_members": Self.json(shareSet.members),
                "share_threshold": isOne ? nil : .count(shareSet.threshold),
                "threshold": isOne ? .count(shareSet.threshold) : nil,
                "pivot": .fields([
                    "hash": .byteArray(pivotHash ?? [UInt8](repeating: 0, count: 32)),
                    "args": .array(pivotArguments.map { .string($0) }),
                ]),
                "dr_key": recoveryKey.map { .byteArray($0) } ?? .null,
            ]),
        ])
    }

    private static func json(_ members: [QuorumMember]) -> JSONValue {
        .array(members.map { .fields(["alias": .string($0.alias), "pub_key": .byteArray($0.publicKey)]) })
    }
}
