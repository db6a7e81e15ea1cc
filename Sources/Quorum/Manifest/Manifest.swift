// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// What the members of a quorum sign: which application may have the quorum key, in which enclave, and who decides.
///
/// A value keeps the version in which it was read, since its hash is of that version's bytes. What it says is not
/// judged here: thresholds, keys and the lengths of measurements are as they were read.
package struct Manifest: Equatable, Sendable {
    package let version: ManifestVersion
    package var namespace: Namespace
    package let pivot: Pivot
    /// Who approves manifests.
    package var manifestSet: MemberSet
    /// Who holds the shares of the quorum key.
    package var shareSet: MemberSet
    package var enclave: NitroConfig
    /// In version 0 and 1, and only there.
    package let patchSet: PatchSet?
    /// The addresses of name servers, in RFC 5952's text, where a manifest of version 2 has `dns`.
    package let resolvers: [String]?

    /// A manifest of these parts, its environment ordered by name and its resolvers in their one spelling.
    ///
    /// - Throws: ``QuorumError/malformedManifest`` where a part is missing in this version or is none of it, the
    ///   pivot's hash is not 32 bytes, or a resolver is no address; ``QuorumError/badPivotEnvironment``.
    package init(
        version: ManifestVersion, namespace: Namespace, pivot: Pivot, manifestSet: MemberSet, shareSet: MemberSet,
        enclave: NitroConfig, patchSet: PatchSet? = nil, resolvers: [String]? = nil
    ) throws(QuorumError) {
        guard pivot.fits(version), (patchSet == nil) == (version == .v2), resolvers == nil || version == .v2 else {
            throw .malformedManifest
        }
        var pivot = pivot
        pivot.environment = try pivot.environment.byName()
        self.version = version
        self.namespace = namespace
        self.pivot = pivot
        self.manifestSet = manifestSet
        self.shareSet = shareSet
        self.enclave = enclave
        self.patchSet = patchSet
        self.resolvers = try resolvers?.map { (text) throws(QuorumError) in
            guard let address = ResolverAddress(text) else { throw .malformedManifest }
            return address.text
        }
    }
}

// MARK: - Encodings

extension Manifest {
    /// The manifest's hash, 32 bytes: what approvals sign and attestation documents name. SHA-256 of the Borsh of
    /// version 0 and 1, of the canonical JSON of version 2.
    package func hash() -> [UInt8] {
        switch version {
        case .v0, .v1: SHA256.digest(borsh())
        case .v2: SHA256.digest(json.canonical())
        }
    }

    /// A manifest in JSON or Borsh.
    ///
    /// JSON with a member `version` is version 2 or nothing. Other JSON is version 1, or else version 0; what is
    /// neither may be the Borsh of one of them.
    ///
    /// - Throws: ``QuorumError/ambiguousManifest`` for Borsh that is both; of version 2 what is wrong with it;
    ///   else ``QuorumError/malformedManifest``.
    package static func decode(_ bytes: [UInt8]) throws(QuorumError) -> Manifest {
        try detected(in: bytes)
    }

    /// How QuorumOS stores a manifest: the canonical JSON of version 2, of the others compact JSON with numbers.
    package func encoded() -> [UInt8] {
        version == .v2 ? json.canonical() : json.compact()
    }
}

extension Pivot {
    /// The bytes of a SHA-256.
    static let hashBytes = 32

    /// Whether a manifest of `version` can say all of it.
    fileprivate func fits(_ version: ManifestVersion) -> Bool {
        hash.count == Self.hashBytes
            && (version != .v0 || bridges.isEmpty && !debugMode)
            && (version == .v2 || environment.isEmpty)
    }
}
