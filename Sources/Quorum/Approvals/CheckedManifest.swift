// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A manifest that does not contradict itself, with its hash and keys: only the check makes one.
package struct CheckedManifest: Equatable, Sendable {
    package let manifest: Manifest
    /// 32 bytes.
    package let hash: [UInt8]
    package let quorumKey: QuorumPublicKey
    package let manifestSet: CheckedMembers
    package let shareSet: CheckedMembers

    /// Checks both sets and the quorum key.
    ///
    /// - Throws: ``ManifestFlaw``.
    package init(_ manifest: Manifest) throws(ManifestFlaw) {
        try self.init(
            manifest,
            manifestSet: CheckedMembers(manifest.manifestSet, as: .manifestSet),
            shareSet: CheckedMembers(manifest.shareSet, as: .shareSet)
        )
    }

    /// The same with sets that have been checked, which must be the manifest's own.
    ///
    /// - Throws: ``ManifestFlaw``, also for a share set that was only checked as those who approve.
    init(_ manifest: Manifest, manifestSet: CheckedMembers, shareSet: CheckedMembers) throws(ManifestFlaw) {
        guard manifestSet.set == manifest.manifestSet else {
            throw ManifestFlaw(.malformedManifest, at: .threshold(.manifestSet))
        }
        guard shareSet.set == manifest.shareSet else {
            throw ManifestFlaw(.malformedManifest, at: .threshold(.shareSet))
        }
        guard shareSet.threshold >= CheckedMembers.Role.shareSet.lowestThreshold else {
            throw ManifestFlaw(.badThreshold, at: .threshold(.shareSet))
        }
        do {
            quorumKey = try QuorumPublicKey(manifest.namespace.quorumKey)
        } catch {
            throw ManifestFlaw(error, at: .quorumKey)
        }
        self.manifest = manifest
        self.manifestSet = manifestSet
        self.shareSet = shareSet
        hash = manifest.hash()
    }

    /// Those of some approvals that hold, one for each member; the others are left out.
    ///
    /// QuorumOS refuses an envelope for one bad approval among enough good ones; here a stranger's addition spoils
    /// nothing.
    package func valid(_ approvals: [Approval]) -> [Approval] {
        var seen: Set<Int> = []
        return approvals.filter { approval in
            guard let index = manifestSet.index(of: approval.member), !seen.contains(index),
                (try? manifestSet.keys[index].verify(approval.signature, of: hash)) != nil
            else { return false }
            seen.insert(index)
            return true
        }
    }
}
