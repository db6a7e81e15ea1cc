// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a quorum key is to be born for: everything of the manifest but the key.
package struct GenesisPlan: Sendable {
    package let namespaceName: String
    package let namespaceNonce: UInt32
    package let manifestSet: CheckedMembers
    package let shareSet: CheckedMembers
    package let pivot: Pivot
    package let enclave: NitroConfig
    /// The disaster recovery key, to which the master seed is also encrypted.
    package let recoveryKey: QuorumPublicKey?

    package init(
        namespaceName: String,
        namespaceNonce: UInt32,
        manifestSet: CheckedMembers,
        shareSet: CheckedMembers,
        pivot: Pivot,
        enclave: NitroConfig,
        recoveryKey: QuorumPublicKey?
    ) {
        self.namespaceName = namespaceName
        self.namespaceNonce = namespaceNonce
        self.manifestSet = manifestSet
        self.shareSet = shareSet
        self.pivot = pivot
        self.enclave = enclave
        self.recoveryKey = recoveryKey
    }

    /// The manifest for a key.
    func manifest(for quorumKey: QuorumPublicKey) throws(QuorumError) -> CheckedManifest {
        let manifest = try Manifest(
            version: .v2,
            namespace: Namespace(name: namespaceName, nonce: namespaceNonce, quorumKey: quorumKey.bytes),
            pivot: pivot,
            manifestSet: manifestSet.set,
            shareSet: shareSet.set,
            enclave: enclave
        )
        do {
            return try CheckedManifest(manifest, manifestSet: manifestSet, shareSet: shareSet)
        } catch {
            throw error.error
        }
    }
}
