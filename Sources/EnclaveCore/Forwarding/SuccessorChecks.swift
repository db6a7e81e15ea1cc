// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum

/// Whether the enclave of a manifest may have the quorum key of this one: its manifest is this one's, or an update of
/// it that the same people approved.
struct SuccessorChecks {
    let held: AdoptedManifest
    let rules: TrustRules

    /// Checks a manifest.
    ///
    /// What it says is compared before its approvals are counted, so that the reason is the nearest one.
    ///
    /// - Parameter approvals: not yet checked.
    /// - Throws: ``EnclaveError/Reason/otherQuorumKey``, ``EnclaveError/Reason/otherNamespace``,
    ///   ``EnclaveError/Reason/otherManifestSet``, ``EnclaveError/Reason/shareSetChanged``,
    ///   ``EnclaveError/Reason/lowerNonce``, ``EnclaveError/Reason/notEnoughApprovals``.
    func check(_ candidate: CheckedManifest, approvals: [Approval]) throws(EnclaveError) {
        guard candidate.hash != held.checked.hash else {
            guard rules.requiresApprovals, !held.isApproved else { return }
            var known = held
            known.add(candidate.valid(approvals))
            guard known.isApproved else { throw Self.notEnoughApprovals }
            return
        }
        try compare(candidate)
        // The manifest sets are the same, so these are approvals by our own.
        guard candidate.valid(approvals).count >= held.checked.manifestSet.threshold else {
            throw Self.notEnoughApprovals
        }
    }

    private static let notEnoughApprovals = EnclaveError(
        .notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")

    private func compare(_ candidate: CheckedManifest) throws(EnclaveError) {
        let own = held.checked
        guard candidate.quorumKey == own.quorumKey else {
            throw EnclaveError(.otherQuorumKey, field: "manifest_envelope.manifest.namespace.quorumKey")
        }
        guard candidate.manifest.namespace.name.utf8.elementsEqual(own.manifest.namespace.name.utf8) else {
            throw EnclaveError(.otherNamespace, field: "manifest_envelope.manifest.namespace.name")
        }
        guard candidate.manifestSet.set.isSame(as: own.manifestSet.set) else {
            throw EnclaveError(.otherManifestSet, field: "manifest_envelope.manifest.manifestSet")
        }
        // In their order: a member's place is the x of its share.
        guard candidate.shareSet.set == own.shareSet.set else {
            throw EnclaveError(.shareSetChanged, field: "manifest_envelope.manifest.shareSet")
        }
        guard candidate.manifest.namespace.nonce > own.manifest.namespace.nonce else {
            throw EnclaveError(.lowerNonce, field: "manifest_envelope.manifest.namespace.nonce")
        }
    }
}

extension MemberSet {
    /// Whether another set has the same threshold and members, in whichever order. Members are in a set once.
    fileprivate func isSame(as other: MemberSet) -> Bool {
        threshold == other.threshold && members.count == other.members.count
            && members.allSatisfy { other.members.contains($0) }
    }
}
