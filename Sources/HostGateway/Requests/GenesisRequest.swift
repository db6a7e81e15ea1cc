// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// What `POST /enclave/genesis-boot` asks for, in either of its forms.
struct GenesisRequest: Sendable {
    /// How the client wrote it.
    enum Form: Equatable, Sendable {
        case flat
        /// The same under `parameters`, as key generators write it.
        case envelope(hasOneThreshold: Bool)
    }

    /// The most arguments of the pivot; the enclave takes none that a manifest could name.
    static let pivotArguments = 64

    let operation: Operation
    let form: Form
    /// What the client called the fields of members that the enclave calls by another name, such as
    /// `share_members[3].alias`.
    private let names: [String: String]

    private static let flatFields = commonFields + ["pivot_hash", "pivot_args"]
    private static let envelopeFields = ["type", "timestampMs", "organizationId", "parameters"]
    private static let parameterFields = commonFields + ["threshold", "pivot"]
    private static let commonFields = [
        "namespace_name", "namespace_nonce", "manifest_members", "manifest_threshold", "share_members",
        "share_threshold", "dr_key", "nonce",
    ]

    /// Reads a body; the field `parameters` tells the envelope.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ bytes: ByteBuffer) throws(RequestError) {
        let body = try JSONBody(bytes, allowing: Self.flatFields + Self.envelopeFields)
        if body.isPresent("parameters") {
            try body.allowOnly(Self.envelopeFields)
            try Self.checkEnvelope(body)
            let parameters = try body.fields("parameters", allowing: Self.parameterFields)
            try self.init(parameters: body.required("parameters", parameters))
        } else {
            try body.allowOnly(Self.flatFields)
            try self.init(flat: body)
        }
    }

    private init(flat body: JSONBody) throws(RequestError) {
        let sets = try MemberSets(body)
        names = sets.names
        form = .flat
        operation = .genesisBoot(
            try Self.request(
                body, sets,
                manifestThreshold: sets.threshold(body, "manifest_threshold", among: .manifest),
                shareThreshold: sets.threshold(body, "share_threshold", among: .share),
                pivot: Pivot(body, hash: "pivot_hash", arguments: "pivot_args")
            ))
    }

    private init(parameters body: JSONBody) throws(RequestError) {
        let sets = try MemberSets(body)
        let hasOneThreshold = body.isPresent("threshold")
        if hasOneThreshold {
            try body.refuse("manifest_threshold", beside: "threshold")
            try body.refuse("share_threshold", beside: "threshold")
        }
        let manifestName = hasOneThreshold ? "threshold" : "manifest_threshold"
        let shareName = hasOneThreshold ? "threshold" : "share_threshold"
        let pivot = try body.fields("pivot", allowing: ["hash", "args"])
        names = sets.names
        form = .envelope(hasOneThreshold: hasOneThreshold)
        operation = .genesisBoot(
            try Self.request(
                body, sets,
                manifestThreshold: sets.threshold(body, manifestName, among: .manifest),
                shareThreshold: sets.threshold(body, shareName, among: .share),
                pivot: Pivot(pivot, hash: "hash", arguments: "args")
            ))
    }

    private static func checkEnvelope(_ body: JSONBody) throws(RequestError) {
        let expectedType = "ACTIVITY_TYPE_GENESIS_BOOT"
        if let type = try body.text("type"), !type.elementsEqual(expectedType.utf8) {
            throw .outOfRange("type", expected: expectedType)
        }
        _ = try body.string("timestampMs")
        _ = try body.string("organizationId")
    }

    private static func request(
        _ body: JSONBody,
        _ sets: MemberSets,
        manifestThreshold: UInt32,
        shareThreshold: UInt32,
        pivot: Pivot
    ) throws(RequestError) -> GenesisBootRequest {
        GenesisBootRequest(
            namespaceName: sets.namespace.name,
            namespaceNonce: sets.namespace.nonce,
            manifestMembers: sets.manifestMembers,
            manifestThreshold: manifestThreshold,
            shareMembers: sets.shareMembers,
            shareThreshold: shareThreshold,
            pivotHash: pivot.hash,
            pivotArguments: pivot.arguments,
            recoveryKey: try body.bytes(
                "dr_key", count: Limits.publicKeyBytes...Limits.publicKeyBytes, nullable: true),
            nonce: try body.bytes("nonce", count: Limits.attestationNonceBytes)
        )
    }

    // MARK: Names

    /// The client's name for a field that the enclave found fault with, which knows the flat form only.
    func name(of field: String) -> String {
        let field = names[field] ?? field
        guard case .envelope(let hasOneThreshold) = form else { return field }
        switch field {
        case "pivot_hash": return "parameters.pivot.hash"
        case "pivot_args": return "parameters.pivot.args"
        case "manifest_threshold" where hasOneThreshold, "share_threshold" where hasOneThreshold:
            return "parameters.threshold"
        default: return "parameters.\(field)"
        }
    }
}

/// The namespace and the two sets of members, which both forms have in the same words.
private struct MemberSets {
    enum Kind {
        case manifest
        case share
    }

    let namespace: EnclaveInfo.Namespace
    let manifestMembers: [MemberRecord]
    let shareMembers: [MemberRecord]
    /// The client's names of fields, by the enclave's, where they differ.
    let names: [String: String]

    init(_ body: JSONBody) throws(RequestError) {
        namespace = try body.namespace()
        var names: [String: String] = [:]
        manifestMembers = try Self.members(body, "manifest_members", atLeast: 1, naming: &names)
        shareMembers = try Self.members(body, "share_members", atLeast: 2, naming: &names)
        self.names = names
    }

    private static func members(
        _ body: JSONBody,
        _ name: String,
        atLeast least: Int,
        naming names: inout [String: String]
    ) throws(RequestError) -> [MemberRecord] {
        let list = try body.list(name, count: least...Limits.members, allowing: MemberRecord.requestFields)
        var members: [MemberRecord] = []
        for member in try body.required(name, list) {
            let field = MemberRecord.aliasField(of: member)
            if field != "alias" { names["\(name)[\(members.count)].alias"] = "\(name)[\(members.count)].\(field)" }
            members.append(try MemberRecord(member))
        }
        return members
    }

    /// A threshold that so many members can reach; that of a share set is at least two.
    func threshold(_ body: JSONBody, _ name: String, among kind: Kind) throws(RequestError) -> UInt32 {
        switch kind {
        case .manifest: try body.number(name, in: 1...UInt32(clamping: manifestMembers.count))
        case .share: try body.number(name, in: 2...UInt32(clamping: shareMembers.count))
        }
    }
}

/// The executable that the manifest is for.
private struct Pivot {
    let hash: [UInt8]?
    let arguments: [String]

    init(_ body: JSONBody?, hash: String, arguments: String) throws(RequestError) {
        self.hash = try body?.bytes(hash, count: 32...32)
        self.arguments = try body?.strings(arguments, atMost: GenesisRequest.pivotArguments) ?? []
    }
}
