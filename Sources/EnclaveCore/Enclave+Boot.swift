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
            try Self.expectNoShares(state)
        }
        let brought = try ManifestAdmission(identity: identity)
            .admit(request.manifestEnvelope, commitments: request.commitments.map { ShareCommitments($0) })
        return try change(for: .bootStandard) { state throws(EnclaveError) in
            try Self.expectNoShares(state)
            return try taking(brought, awaiting: .waitingForQuorumShards, in: state) { BootStandardResult($0, $1) }
        }
    }

    /// Takes on a manifest that exists, so that another enclave can forward the quorum key; or adds approvals to the
    /// one that is held.
    ///
    /// - Throws: what ``ManifestAdmission/admit(_:commitments:)`` throws;
    ///   ``EnclaveError/Reason/otherQuorumKey`` where another key was expected;
    ///   ``EnclaveError/Reason/notEnoughApprovals`` where the rules ask for them;
    ///   ``EnclaveError/Reason/manifestFixed``. Nothing has then changed.
    func shareManifest(_ request: ShareManifestRequest) throws(EnclaveError) -> ShareManifestResult {
        let brought = try ManifestAdmission(identity: identity)
            .admit(request.manifestEnvelope, commitments: request.commitments.map { ShareCommitments($0) })
        guard request.expectedKey.map({ $0 == brought.checked.quorumKey.fingerprint }) ?? true else {
            throw EnclaveError(.otherQuorumKey, field: "manifest_envelope.manifest.namespace.quorumKey")
        }
        return try change(for: .shareManifest) { state throws(EnclaveError) in
            try taking(brought, awaiting: .waitingForForwardedKey, in: state) { ShareManifestResult($0, $1) }
        }
    }

    private static func expectNoShares(_ state: State) throws(EnclaveError) {
        guard state.holdings.shares.isEmpty else { throw EnclaveError(.sharesHeld, state: state.machine.phase) }
    }

    /// Takes a manifest on in the place of another or of none; one that is held already only gets more approvals, and
    /// its keys stay.
    ///
    /// - Parameters:
    ///   - phase: what the enclave waits in.
    ///   - answer: from the manifest and the public key that is sealed to.
    private func taking<Answer>(
        _ brought: AdoptedManifest,
        awaiting phase: Phase,
        in state: State,
        _ answer: (AdoptedManifest, QuorumPublicKey) -> Answer
    ) throws(EnclaveError) -> Change<Answer> {
        if let held = state.holdings.manifest, let setupKey = state.holdings.bootKeys?.setup,
            held.checked.hash == brought.checked.hash
        {
            var merged = held
            merged.add(brought.approvals)
            merged.commitments = held.commitments ?? brought.commitments
            let manifest = merged
            return Change(value: answer(manifest, setupKey.publicKey)) { state, _ in
                state.holdings.manifest = manifest
            }
        }
        guard state.holdings.manifest == nil || !identity.policy.rules.fixesManifest else {
            throw EnclaveError(.manifestFixed, state: state.machine.phase)
        }
        try checkRules(brought, awaiting: phase)
        let (keys, setupKey) = try makeBootKeys()
        let holdings = Holdings(manifest: brought, bootKeys: keys)
        return Change(
            value: answer(brought, setupKey.publicKey), commit: try adopt(holdings, entering: [phase]))
    }

    private func checkRules(_ manifest: AdoptedManifest, awaiting phase: Phase) throws(EnclaveError) {
        let rules = identity.policy.rules
        guard !rules.requiresApprovals || manifest.isApproved else {
            throw EnclaveError(.notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")
        }
        // A key that is forwarded whole needs no shares to be judged.
        guard !rules.requiresCommitments || manifest.commitments != nil || phase != .waitingForQuorumShards else {
            throw EnclaveError(.badCommitments, field: "share_commitments")
        }
    }
}

extension BootStandardResult {
    fileprivate init(_ manifest: AdoptedManifest, _ setupKey: QuorumPublicKey) {
        self.init(
            phase: .waitingForQuorumShards,
            ephemeralKey: setupKey.bytes,
            manifestHash: manifest.checked.hash,
            threshold: manifest.checked.shareSet.set.threshold,
            approvalsCounted: UInt32(manifest.approvals.count)
        )
    }
}

extension ShareManifestResult {
    fileprivate init(_ manifest: AdoptedManifest, _ setupKey: QuorumPublicKey) {
        self.init(manifestHash: manifest.checked.hash, ephemeralKey: setupKey.bytes)
    }
}
