// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum

/// Whether this enclave may boot a manifest that somebody brought.
struct ManifestAdmission {
    let identity: EnclaveIdentity

    /// Reads an envelope and checks all that can be checked without what is held: form, sets, pivot, measurements,
    /// approvals, commitments.
    ///
    /// - Parameters:
    ///   - text: JSON as it came.
    ///   - commitments: not yet checked.
    /// - Throws: ``EnclaveError/Reason/badManifest``, ``EnclaveError/Reason/pivotMismatch``,
    ///   ``EnclaveError/Reason/measurementMismatch``, ``EnclaveError/Reason/badCommitments``.
    func admit(_ text: [UInt8], commitments: ShareCommitments?) throws(EnclaveError) -> AdoptedManifest {
        let envelope = try Self.read(text)
        // The cheap comparisons first: a manifest for somebody else costs no curve arithmetic.
        try comparePivot(envelope.manifest.pivot)
        try compareMeasurements(envelope.manifest.enclave)
        let checked = try Self.check(envelope.manifest)
        if let commitments {
            do {
                try commitments.check(against: checked)
            } catch {
                throw EnclaveError(.badCommitments, field: "share_commitments")
            }
        }
        return AdoptedManifest(
            checked, approvals: checked.valid(envelope.manifestSetApprovals), commitments: commitments)
    }

    /// Reads an envelope from which an enclave may be booted, this one or another.
    ///
    /// - Throws: ``EnclaveError/Reason/badManifest``.
    static func read(_ text: [UInt8]) throws(EnclaveError) -> ManifestEnvelope {
        let envelope: ManifestEnvelope
        do {
            envelope = try ManifestEnvelope.decode(text)
        } catch {
            throw EnclaveError(.badManifest, field: "manifest_envelope")
        }
        // Each approval costs a verification; more than the largest set twice over only cost.
        guard envelope.manifestSetApprovals.count <= 2 * CheckedMembers.most else {
            throw EnclaveError(.badManifest, field: "manifest_envelope.manifestSetApprovals")
        }
        // An envelope to boot from has not been provisioned under.
        guard envelope.shareSetApprovals.isEmpty else {
            throw EnclaveError(.badManifest, field: "manifest_envelope.shareSetApprovals")
        }
        return envelope
    }

    /// Checks what a manifest says by itself, whichever enclave it is for.
    ///
    /// - Throws: ``EnclaveError/Reason/badManifest`` with the field, or what the machine could not do.
    static func check(_ manifest: Manifest) throws(EnclaveError) -> CheckedManifest {
        try checkNames(manifest)
        do {
            return try CheckedManifest(manifest)
        } catch {
            throw error.error.isOfTheMachine ? EnclaveError(lower: error.error) : Self.refusal(error.place)
        }
    }

    /// Names that no request could repeat would make a manifest that can never be provisioned.
    private static func checkNames(_ manifest: Manifest) throws(EnclaveError) {
        guard Limits.namespaceNameBytes.contains(manifest.namespace.name.utf8.count) else {
            throw EnclaveError(.badManifest, field: "manifest_envelope.manifest.namespace.name")
        }
        for role in [CheckedMembers.Role.manifestSet, .shareSet] {
            let set = role == .manifestSet ? manifest.manifestSet : manifest.shareSet
            guard set.members.count <= CheckedMembers.most else {
                throw EnclaveError(.badManifest, field: Self.members(of: role))
            }
            for (index, member) in set.members.enumerated() where !member.hasAlias {
                throw EnclaveError(.badManifest, field: Self.members(of: role), index: index, "alias")
            }
        }
    }

    private static func refusal(_ place: ManifestFlaw.Place) -> EnclaveError {
        switch place {
        case .quorumKey:
            EnclaveError(.badManifest, field: "manifest_envelope.manifest.namespace.quorumKey")
        case .threshold(.manifestSet):
            EnclaveError(.badManifest, field: "manifest_envelope.manifest.manifestSet.threshold")
        case .threshold(.shareSet):
            EnclaveError(.badManifest, field: "manifest_envelope.manifest.shareSet.threshold")
        case .memberAlias(let role, let index):
            EnclaveError(.badManifest, field: members(of: role), index: index, "alias")
        case .memberKey(let role, let index):
            EnclaveError(.badManifest, field: members(of: role), index: index, "pubKey")
        }
    }

    private static func members(of role: CheckedMembers.Role) -> StaticString {
        switch role {
        case .manifestSet: "manifest_envelope.manifest.manifestSet.members"
        case .shareSet: "manifest_envelope.manifest.shareSet.members"
        }
    }

    /// An environment and debug mode are refused rather than passed over: approvers would have agreed to what does not
    /// happen.
    private func comparePivot(_ pivot: Pivot) throws(EnclaveError) {
        guard pivot.hash == identity.applicationHash else {
            throw EnclaveError(.pivotMismatch, field: "manifest_envelope.manifest.pivot.hash")
        }
        guard pivot.arguments.isEmpty else {
            throw EnclaveError(.pivotMismatch, field: "manifest_envelope.manifest.pivot.args")
        }
        guard pivot.environment.isEmpty else {
            throw EnclaveError(.pivotMismatch, field: "manifest_envelope.manifest.pivot.env")
        }
        guard !pivot.debugMode else {
            throw EnclaveError(.pivotMismatch, field: "manifest_envelope.manifest.pivot.debugMode")
        }
    }

    private func compareMeasurements(_ enclave: NitroConfig) throws(EnclaveError) {
        let own = identity.measurements
        if let field = enclave.firstDifference(from: own.registers) {
            throw EnclaveError(.measurementMismatch, field: field)
        }
        guard enclave.awsRootCertificate == own.rootCertificate else {
            throw EnclaveError(.measurementMismatch, field: NitroConfig.rootField)
        }
    }
}

extension NitroConfig {
    /// What the root certificate is called in a request.
    static let rootField: StaticString = "manifest_envelope.manifest.enclave.awsRootCertificate"

    /// The field of the first register that has another value than one that was measured.
    ///
    /// - Parameter measured: PCR0 to PCR3, as far as there are such.
    func firstDifference(from measured: [[UInt8]]) -> StaticString? {
        let fields: [StaticString] = [
            "manifest_envelope.manifest.enclave.pcr0", "manifest_envelope.manifest.enclave.pcr1",
            "manifest_envelope.manifest.enclave.pcr2", "manifest_envelope.manifest.enclave.pcr3",
        ]
        for (index, field) in fields.enumerated() {
            guard index < measured.count, registers[index] == measured[index] else { return field }
        }
        return nil
    }
}
