// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension Manifest: ManifestDocument {
    static func declaresVersion(_ json: JSONValue) -> Bool {
        json.member("version") != nil
    }

    /// A manifest of that version.
    init(json: JSONValue, version: ManifestVersion) throws(QuorumError) {
        let unknown = version.unknownMembers
        try unknown.check(
            json, knowing: ["version", "namespace", "pivot", "manifestSet", "shareSet", "enclave", "dns"])
        if version == .v2, try json.required("version") != .string("v2") { throw .malformedManifest }
        try self.init(
            version: version,
            namespace: Namespace(json: json.required("namespace"), unknown: unknown),
            pivot: Pivot(json: json.required("pivot"), version: version),
            manifestSet: MemberSet(json: json.required("manifestSet"), unknown: unknown),
            shareSet: MemberSet(json: json.required("shareSet"), unknown: unknown),
            enclave: NitroConfig(json: json.required("enclave"), unknown: unknown),
            patchSet: version == .v2 ? nil : PatchSet(json: json.required("patchSet")),
            resolvers: version == .v2 ? Self.resolvers(json.optional("dns")) : nil)
    }

    private static func resolvers(_ json: JSONValue?) throws(QuorumError) -> [String]? {
        guard let json else { return nil }
        try UnknownMembers.refused.check(json, knowing: ["resolvers"])
        return try json.required("resolvers").elements().map { (address) throws(QuorumError) in try address.text() }
    }

    /// The manifest with its members as QuorumOS declares them, those without a value left out.
    package var json: JSONValue {
        .fields([
            "version": version == .v2 ? .string("v2") : nil,
            "namespace": namespace.json,
            "pivot": pivot.json(version: version),
            "manifestSet": manifestSet.json,
            "shareSet": shareSet.json,
            "enclave": enclave.json,
            "patchSet": patchSet?.json,
            "dns": resolvers.map { .fields(["resolvers": .array($0.map { .string($0) })]) },
        ])
    }
}
