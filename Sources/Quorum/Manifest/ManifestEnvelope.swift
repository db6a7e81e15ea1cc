// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A manifest with the approvals that were given to it.
package struct ManifestEnvelope: Equatable, Sendable {
    package var manifest: Manifest
    /// By those who approve manifests; none of them is checked here.
    package var manifestSetApprovals: [Approval]
    /// By those who gave their share to the enclave.
    package var shareSetApprovals: [Approval]

    package init(
        manifest: Manifest, manifestSetApprovals: [Approval] = [], shareSetApprovals: [Approval] = []
    ) {
        self.manifest = manifest
        self.manifestSetApprovals = manifestSetApprovals
        self.shareSetApprovals = shareSetApprovals
    }

    /// An envelope in JSON or Borsh, its version detected as that of a manifest by the one that it has.
    ///
    /// - Throws: as ``Manifest/decode(_:)``.
    package static func decode(_ bytes: [UInt8]) throws(QuorumError) -> ManifestEnvelope {
        try detected(in: bytes)
    }

    /// How QuorumOS stores an envelope: the canonical JSON of version 2, of the others compact JSON with numbers.
    package func encoded() -> [UInt8] {
        manifest.version == .v2 ? json.canonical() : json.compact()
    }
}

// MARK: - JSON

extension ManifestEnvelope: ManifestDocument {
    static func declaresVersion(_ json: JSONValue) -> Bool {
        json.member("manifest").map(Manifest.declaresVersion) ?? false
    }

    init(json: JSONValue, version: ManifestVersion) throws(QuorumError) {
        let names = ApprovalNames(version)
        let unknown = version.unknownMembers
        try unknown.check(json, knowing: ["manifest", names.manifestSet, names.shareSet])
        self.init(
            manifest: try Manifest(json: json.required("manifest"), version: version),
            manifestSetApprovals: try Self.approvals(json.required(names.manifestSet), unknown),
            shareSetApprovals: try Self.approvals(json.required(names.shareSet), unknown))
    }

    private static func approvals(_ json: JSONValue, _ unknown: UnknownMembers) throws(QuorumError) -> [Approval] {
        try json.elements().map { (approval) throws(QuorumError) in try Approval(json: approval, unknown: unknown) }
    }

    /// The envelope with its members as QuorumOS declares them.
    package var json: JSONValue {
        let names = ApprovalNames(manifest.version)
        return .object([
            JSONMember(name: "manifest", value: manifest.json),
            JSONMember(name: names.manifestSet, value: .array(manifestSetApprovals.map(\.json))),
            JSONMember(name: names.shareSet, value: .array(shareSetApprovals.map(\.json))),
        ])
    }
}

/// The members of an envelope that are named otherwise in version 0.
private struct ApprovalNames {
    let manifestSet: String
    let shareSet: String

    init(_ version: ManifestVersion) {
        manifestSet = version == .v0 ? "manifest_set_approvals" : "manifestSetApprovals"
        shareSet = version == .v0 ? "share_set_approvals" : "shareSetApprovals"
    }
}

// MARK: - Borsh

extension ManifestEnvelope {
    init(from reader: inout BorshReader, version: ManifestVersion) throws(QuorumError) {
        let manifest = try Manifest(from: &reader, version: version)
        let manifestSetApprovals = try Self.approvals(from: &reader)
        self.init(
            manifest: manifest, manifestSetApprovals: manifestSetApprovals,
            shareSetApprovals: try Self.approvals(from: &reader))
    }

    private static func approvals(from reader: inout BorshReader) throws(QuorumError) -> [Approval] {
        try reader.array(minimumBytes: Approval.minimumBorshBytes) { (reader) throws(QuorumError) in
            try Approval(from: &reader)
        }
    }

    /// The Borsh of an envelope of version 0 or 1; version 2 has none.
    func write(to writer: inout BorshWriter) {
        manifest.write(to: &writer)
        for approvals in [manifestSetApprovals, shareSetApprovals] {
            writer.array(approvals) { writer, approval in approval.write(to: &writer) }
        }
    }
}
