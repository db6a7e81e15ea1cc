// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("production's rules of trust")
struct ProductionRulesTests {
    private let enclave: TestEnclave

    init() throws {
        enclave = try TestEnclave(EnclavePolicy.development.rehearsingProduction)
    }

    /// An enclave that was booted with all that the rules ask for.
    private func scene(_ quorum: KnownQuorum) throws -> Scene {
        try quorum.scene(on: enclave, approvals: 2, commitments: try quorum.commitments())
    }

    @Test("a manifest without its set's threshold of approvals is not booted", arguments: [0, 1])
    func approvals(count: Int) throws {
        let quorum = try KnownQuorum()
        enclave.expect(EnclaveError(.notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")) {
            try quorum.scene(on: enclave, approvals: count, commitments: try quorum.commitments())
        }
        try scene(quorum).expectReady([], [0, 1])
    }

    @Test("approvals that do not hold do not reach the threshold")
    func invalidApprovals() throws {
        let quorum = try KnownQuorum()
        let hash = try quorum.draft.manifest.hash()
        let one = try quorum.approvals(1)
        let others = try [
            one[0], Member("stranger").approval(of: hash), quorum.holders[0].approval(of: hash),
            Approval(signature: one[0].signature, member: quorum.approvers[1].member),
        ]
        enclave.expect(EnclaveError(.notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")) {
            try enclave.enclave.bootStandard(
                .init(
                    manifestEnvelope: try quorum.envelope(approvals: one + others),
                    commitments: try quorum.commitments()))
        }
    }

    @Test("a manifest without commitments is not booted")
    func commitments() throws {
        let quorum = try KnownQuorum()
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try quorum.scene(on: enclave, approvals: 3)
        }
        try scene(quorum).expectReady([], [0, 1])
    }

    @Test("a share is taken sealed and approved in the form that binds it, and in no other")
    func shares() throws {
        let scene = try scene(try KnownQuorum(3, of: 3))
        try scene.expect([try scene.plain(0)], [.sealedShareRequired], held: 0)
        try scene.expect([try scene.sealed(0)], [.approvalRequired], held: 0)
        let asInQuorumOS = try scene.sealed(0) { _ in try scene.members[0].key.sign(scene.manifestHash) }
        try scene.expect([asInQuorumOS], [.badApproval], held: 0)
        try scene.expect(
            [
                try scene.plain(0), try scene.approved(1), try scene.sealed(2), asInQuorumOS,
                try scene.plain(scene.shares[0], as: "nobody"),
            ], [.sealedShareRequired, nil, .approvalRequired, .badApproval, .unknownMember], held: 1)
        try scene.expectReady([], [0, 2], of: 3)
    }

    @Test("an approval of one sealing is none of another, nor under another setup key")
    func boundApproval() throws {
        let scene = try scene(try KnownQuorum(2, of: 3))
        let first = try scene.approved(0)
        guard case .sealed(_, let approval?) = first.form else { return }
        try scene.expect([try scene.sealed(0) { _ in approval }], [.badApproval], held: 0)
        try scene.expect([first], [nil], held: 1)
    }

    @Test("after a genesis no share is taken before the manifest set has approved, and then they are")
    func genesis() throws {
        let genesis = try HeldGenesis(2, of: 3, on: enclave)
        let scene = genesis.scene
        let approvers = try Member.all("approver", 3)
        enclave.expect(EnclaveError(.manifestNotApproved)) { try scene.inject([try scene.approved(0)]) }
        let first = try enclave.enclave.bootStandard(try genesis.boot([approvers[1]]))
        #expect(first.approvalsCounted == 1)
        enclave.expect(EnclaveError(.manifestNotApproved)) { try scene.inject([try scene.approved(0)]) }
        let second = try enclave.enclave.bootStandard(try genesis.boot([approvers[0]]))
        #expect(second.approvalsCounted == 2)
        #expect(second.ephemeralKey == genesis.answer.ephemeralKey)
        #expect(try enclave.enclave.genesisAnswer() == genesis.answer)
        try scene.expect([try scene.approved(2)], [nil], held: 1)
        try scene.expectReady([], [0])
    }

    @Test("the namespace is looked at before the approvals")
    func namespaceFirst() throws {
        var scene = try HeldGenesis(2, of: 3, on: enclave).scene
        scene.namespace = .init(name: "namespace", nonce: 8)
        enclave.expect(EnclaveError(.namespaceMismatch, field: "namespace_nonce")) {
            try scene.inject([try scene.approved(0)])
        }
    }

    @Test("a manifest that is held is not replaced, after a genesis or a boot", arguments: [true, false])
    func fixedManifest(genesis: Bool) throws {
        let quorum = try KnownQuorum()
        if genesis { _ = try HeldGenesis(2, of: 3, on: enclave) } else { _ = try scene(quorum) }
        let other = try quorum.changed { $0.namespaceNonce = 8 }
        let fixed = EnclaveError(.manifestFixed, state: .waitingForQuorumShards)
        enclave.expect(fixed) { try scene(other) }
        // Whatever else is wrong with the other one would not matter.
        enclave.expect(fixed) {
            try other.scene(on: enclave, commitments: try other.commitments())
        }
    }

    @Test("no derived phrase leaves in the clear, while fresh ones do")
    func derivedSeeds() throws {
        let scene = try scene(try KnownQuorum())
        enclave.expect(EnclaveError(wrongState: .waitingForQuorumShards, allowed: [.applicationReady])) {
            try enclave.derived()
        }
        try scene.expectReady([], [0, 1])
        enclave.expect(EnclaveError(.sealedSeedRequired)) { try enclave.derived() }
        let fresh = try enclave.enclave.seed(Samples.order(.bits128, .english))
        #expect(fresh.result.strength == .bits128)
    }

    @Test("a rehearsal says that it is a development enclave")
    func rehearsal() {
        #expect(enclave.enclave.info().mode == .development)
        #expect(enclave.enclave.info().attestation == .emulated)
        let (development, rehearsal) = (EnclavePolicy.development, EnclavePolicy.development.rehearsingProduction)
        #expect(rehearsal.rules == TrustRules.development.rehearsingProduction)
        #expect(rehearsal.trustedRoot == development.trustedRoot)
        #expect(rehearsal.lacking == development.lacking)
    }

    @Test("a rehearsal has every rule of production but that of the instance's role, which hardware alone gives")
    func rules() {
        func names(_ rules: TrustRules) -> [String] {
            Mirror(reflecting: rules).children.compactMap { $0.value as? Bool == true ? $0.label : nil }
        }
        let all = Mirror(reflecting: TrustRules.production).children.compactMap(\.label)
        #expect(all.count == 8)
        #expect(names(.production) == all)
        #expect(names(TrustRules.development.rehearsingProduction) == all.filter { $0 != "requiresRole" })
        #expect(names(.development) == [])
        #expect(EnclavePolicy.production.rules == .production)
        #expect(EnclavePolicy.development.rules == .development)
    }

    @Test("asking for a rehearsal loosens nothing: production stays production")
    func rehearsedProduction() {
        #expect(EnclavePolicy.production.rehearsingProduction.rules == .production)
        #expect(EnclavePolicy.production.rehearsingProduction.canonicalJSON == EnclavePolicy.production.canonicalJSON)
    }
}

extension Scene {
    /// Brings shares of these members, sealed and approved, beside others, and expects the key to be whole.
    fileprivate func expectReady(_ others: [BroughtShare], _ places: [Int], of held: UInt32 = 2) throws {
        try expectReady(others + places.map { try approved($0) }, of: held)
    }
}
