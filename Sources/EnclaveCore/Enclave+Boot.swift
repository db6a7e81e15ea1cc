// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory

extension Enclave {
    /// Takes on a manifest that exists, so that its members can bring their shares; or adds approvals to the one that
    /// is held.
    ///
    /// - Throws: what ``ManifestAdmission/admit(_:commitments:)`` throws;
    ///   ``EnclaveError/Reason/notEnoughApprovals`` and ``EnclaveError/Reason/badCommitments`` where the rules ask for
    ///   them; ``EnclaveError/Reason/sharesHeld``, ``EnclaveError/Reason/manifestFixed``. Nothing has then changed.
    func bootStandard(_ request: BootStandardRequest) throws(EnclaveError) -> BootStandardResult {
        // What the state refuses anyway is refused before the costly part.
        try read { state throws(EnclaveError) in
            try state.machine.admit(.bootStandard)
            guard state.holdings.shares.isEmpty else { throw EnclaveError(.sharesHeld) }
        }
        let brought = try ManifestAdmission(identity: identity)
            .admit(request.manifestEnvelope, commitments: request.commitments.map { ShareCommitments($0) })
        return try change(for: .bootStandard) { state throws(EnclaveError) in
            guard state.holdings.shares.isEmpty else { throw EnclaveError(.sharesHeld) }
            if let held = state.holdings.manifest, let setupKey = state.holdings.setupKey,
                held.checked.hash == brought.checked.hash
            {
                return Self.adding(brought, to: held, setupKey)
            }
            guard state.holdings.manifest == nil || !identity.policy.rules.fixesManifest else {
                throw EnclaveError(.manifestFixed)
            }
            try checkRules(brought)
            return try adopting(brought)
        }
    }

    private func checkRules(_ manifest: AdoptedManifest) throws(EnclaveError) {
        let rules = identity.policy.rules
        guard !rules.requiresApprovals || manifest.isApproved else {
            throw EnclaveError(.notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")
        }
        guard !rules.requiresCommitments || manifest.commitments != nil else {
            throw EnclaveError(.badCommitments, field: "share_commitments")
        }
    }

    private func adopting(_ manifest: AdoptedManifest) throws(EnclaveError) -> Change<BootStandardResult> {
        let setupKey: QuorumKeyPair
        do {
            setupKey = try QuorumKeyPair.generate(from: entropy, memory: .arena(arena))
        } catch {
            throw EnclaveError(lower: error)
        }
        return Change(value: BootStandardResult(manifest, setupKey)) { state, now throws(EnclaveError) in
            try state.machine.enter(.waitingForQuorumShards, at: now)
            state.holdings = Holdings(manifest: manifest, setupKey: setupKey)
        }
    }

    private static func adding(
        _ brought: AdoptedManifest,
        to held: AdoptedManifest,
        _ setupKey: QuorumKeyPair
    ) -> Change<BootStandardResult> {
        var manifest = held
        manifest.add(brought.approvals)
        manifest.commitments = held.commitments ?? brought.commitments
        let merged = manifest
        return Change(value: BootStandardResult(merged, setupKey)) { state, _ in state.holdings.manifest = merged }
    }
}

extension BootStandardResult {
    fileprivate init(_ manifest: AdoptedManifest, _ setupKey: QuorumKeyPair) {
        self.init(
            phase: .waitingForQuorumShards,
            ephemeralKey: setupKey.publicKey.bytes,
            manifestHash: manifest.checked.hash,
            threshold: manifest.checked.shareSet.set.threshold,
            approvalsCounted: UInt32(manifest.approvals.count)
        )
    }
}
