// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("recovery on a fresh enclave")
struct RecoveryTests {
    @Test("it gives the same key: what is derived from it is the same, and so is its check", arguments: [true, false])
    func sameKey(commitments: Bool) throws {
        let genesis = try HeldGenesis(2, of: 3)
        try genesis.scene.provision(2)
        let fresh = try TestEnclave()
        let booted = try fresh.enclave.bootStandard(try genesis.boot(commitments: commitments))
        #expect(booted.phase == .waitingForQuorumShards)
        #expect(booted.manifestHash == genesis.answer.manifestHash)
        #expect(booted.threshold == 2)
        #expect(booted.approvalsCounted == 0)
        #expect(booted.ephemeralKey != genesis.answer.ephemeralKey)
        let scene = Scene(
            enclave: fresh, members: genesis.scene.members, shares: genesis.scene.shares,
            setupKey: try QuorumPublicKey(booted.ephemeralKey), manifestHash: booted.manifestHash)
        // Other two members than before.
        try scene.expect([try scene.approved(2)], [nil], held: 1)
        try scene.expectReady([try scene.approved(1)], of: 2)
        let (old, new) = (genesis.scene.enclave.enclave.info().quorum, fresh.enclave.info().quorum)
        #expect(old == new)
        #expect(old?.keyCheck?.count == 8)
        #expect(try genesis.scene.enclave.derived() == fresh.derived())
        #expect(
            fresh.enclave.info().history.map(\.phase) == [
                .waitingForBootInstruction, .waitingForQuorumShards, .quorumKeyProvisioned, .applicationReady,
            ])
        #expect(fresh.arena.slotsLent == 0)
    }

    @Test("the manifest that an enclave holds boots the next, with all that belongs to it")
    func chain() throws {
        let genesis = try HeldGenesis(2, of: 3)
        try genesis.scene.provision(2)
        var held = try genesis.scene.enclave.enclave.heldManifest()
        for _ in 0..<3 {
            let fresh = try TestEnclave()
            _ = try fresh.enclave.bootStandard(
                .init(manifestEnvelope: held.manifestEnvelope, commitments: held.commitments))
            #expect(try fresh.enclave.heldManifest() == held)
            held = try fresh.enclave.heldManifest()
        }
    }
}

@Suite("approvals at the boot")
struct ApprovalCountingTests {
    struct Envelope: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let counted: UInt32
        let approvals: @Sendable (KnownQuorum, _ hash: [UInt8]) throws -> [Approval]

        init(
            _ name: String, _ counted: UInt32,
            approvals: @escaping @Sendable (KnownQuorum, _ hash: [UInt8]) throws -> [Approval]
        ) {
            testDescription = name
            self.counted = counted
            self.approvals = approvals
        }
    }

    private static let envelopes: [Envelope] = [
        Envelope("none", 0) { _, _ in [] },
        Envelope("one", 1) { quorum, _ in try quorum.approvals(1) },
        Envelope("all", 3) { quorum, _ in try quorum.approvals(3) },
        Envelope("one three times", 1) { quorum, _ in
            try quorum.approvals(1) + quorum.approvals(1) + quorum.approvals(1)
        },
        Envelope("two in the other order", 2) { quorum, _ in try quorum.approvals(2).reversed() },
        Envelope("a stranger's", 0) { _, hash in [try Member("stranger").approval(of: hash)] },
        Envelope("a stranger's under a member's alias", 0) { _, hash in
            [try Member("approver1", 1).approval(of: hash)]
        },
        Envelope("a member's under another alias", 0) { quorum, hash in
            [try Approval(of: hash, alias: "approver2", key: quorum.approvers[0].key)]
        },
        Envelope("a share member's", 0) { quorum, hash in [try quorum.holders[0].approval(of: hash)] },
        Envelope("a signature that was changed", 0) { quorum, _ in
            try quorum.approvals(1).map { approval in
                var approval = approval
                approval.signature[0] ^= 1
                return approval
            }
        },
        Envelope("a signature of no bytes", 0) { quorum, _ in
            [Approval(signature: [], member: quorum.approvers[0].member)]
        },
        Envelope("another manifest's", 0) { quorum, _ in
            [try quorum.approvers[0].approval(of: [UInt8](repeating: 1, count: 32))]
        },
        Envelope("two among many that do not count", 2) { quorum, hash in
            let bad = Approval(signature: [UInt8](repeating: 1, count: 64), member: quorum.approvers[0].member)
            let stranger = try Member("stranger").approval(of: hash)
            let good = try quorum.approvals(2)
            return [bad, stranger, good[0], bad, good[1], good[1], stranger]
        },
    ]

    @Test("those that hold are counted, one a member, and the others are left out", arguments: envelopes)
    func counted(envelope: Envelope) throws {
        let enclave = try TestEnclave()
        let quorum = try KnownQuorum()
        let hash = try quorum.draft.manifest.hash()
        let approvals = try envelope.approvals(quorum, hash)
        let result = try enclave.enclave.bootStandard(
            .init(manifestEnvelope: try quorum.envelope(approvals: approvals), commitments: nil))
        #expect(result.approvalsCounted == envelope.counted)
        let held = try ManifestEnvelope.decode(enclave.enclave.heldManifest().manifestEnvelope)
        #expect(held.manifestSetApprovals.count == Int(envelope.counted))
        #expect(held.manifestSetApprovals.allSatisfy { approvals.contains($0) })
        #expect(held.shareSetApprovals.isEmpty)
    }

    @Test("approvals that come one after the other gather under the held manifest, whose setup key stays")
    func gathering() throws {
        let quorum = try KnownQuorum()
        let scene = try quorum.scene(approvals: 1)
        let second = try quorum.approvers[2].approval(of: scene.manifestHash)
        for counted in [2, 2] as [UInt32] {
            let result = try scene.enclave.enclave.bootStandard(
                .init(manifestEnvelope: try quorum.envelope(approvals: [second]), commitments: nil))
            #expect(result.approvalsCounted == counted)
            #expect(result.ephemeralKey == scene.setupKey.bytes)
            #expect(result.manifestHash == scene.manifestHash)
        }
        let held = try ManifestEnvelope.decode(scene.enclave.enclave.heldManifest().manifestEnvelope)
        #expect(held.manifestSetApprovals == (try quorum.approvals(1)) + [second])
        // None of them is lost by an envelope that has none.
        _ = try scene.enclave.enclave.bootStandard(try quorum.boot())
        #expect(try scene.enclave.enclave.bootStandard(try quorum.boot()).approvalsCounted == 2)
        try scene.provision(2)
    }

    @Test("after a genesis the manifest set approves in the same way, and the genesis's answer stays")
    func afterGenesis() throws {
        let genesis = try HeldGenesis(2, of: 3)
        let enclave = genesis.scene.enclave.enclave
        let approvers = try Member.all("approver", 3)
        let result = try enclave.bootStandard(try genesis.boot([approvers[0], approvers[2]], commitments: false))
        #expect(result.approvalsCounted == 2)
        #expect(result.ephemeralKey == genesis.answer.ephemeralKey)
        #expect(try enclave.genesisAnswer() == genesis.answer)
        #expect(try enclave.heldManifest().commitments == genesis.answer.commitments)
        try genesis.scene.provision(2)
        let held = try ManifestEnvelope.decode(enclave.heldManifest().manifestEnvelope)
        #expect(held.manifestSetApprovals.map(\.member) == [approvers[0].member, approvers[2].member])
    }
}

@Suite("another manifest in the place of one")
struct ReplacementTests {
    @Test("it makes a new setup key, and the genesis's answer and shares are of no use any more")
    func replaced() throws {
        let genesis = try HeldGenesis(2, of: 3)
        let enclave = genesis.scene.enclave
        let quorum = try KnownQuorum(2, of: 3)
        let scene = try quorum.scene(on: enclave, approvals: 1)
        #expect(scene.setupKey.bytes != genesis.answer.ephemeralKey)
        #expect(scene.manifestHash != genesis.answer.manifestHash)
        #expect(enclave.enclave.info().quorum?.manifestHash == scene.manifestHash)
        // A replacement enters no state.
        #expect(
            enclave.enclave.info().history.map(\.phase) == [
                .waitingForBootInstruction, .genesisBooted, .waitingForQuorumShards,
            ])
        enclave.expect(EnclaveError(.noGenesis)) { try enclave.enclave.genesisAnswer() }
        #expect(try enclave.enclave.heldManifest().commitments == nil)
        try scene.provision(2)
        #expect(enclave.enclave.info().quorum?.publicKey == quorum.key.publicKey.bytes)
    }

    @Test("while a share is held it is refused, and so is an addition of approvals", arguments: [true, false])
    func sharesHeld(sameManifest: Bool) throws {
        let quorum = try KnownQuorum(3, of: 3)
        let scene = try quorum.scene()
        try scene.expect([try scene.plain(0)], [nil], held: 1)
        let other = try quorum.changed { if !sameManifest { $0.namespaceNonce = 8 } }
        scene.enclave.expect(EnclaveError(.sharesHeld, state: .waitingForQuorumShards)) {
            try scene.enclave.enclave.bootStandard(try other.boot(approvals: 2))
        }
        try scene.expectReady([try scene.plain(1), try scene.plain(2)], of: 3)
    }

    @Test("after shares that gave another key were dropped it is possible again")
    func afterOtherKey() throws {
        let scene = try KnownQuorum(2, of: 3, splitThreshold: 3).scene()
        #expect(try scene.inject([try scene.plain(0), try scene.plain(1)]).isOtherKey)
        try KnownQuorum(2, of: 3).changed { $0.namespaceNonce = 8 }.scene(on: scene.enclave).provision(2)
    }

    @Test("once the key is there no manifest is booted")
    func provisioned() throws {
        let quorum = try KnownQuorum()
        let scene = try quorum.scene()
        try scene.provision(2)
        scene.enclave.expect(
            EnclaveError(wrongState: .applicationReady, allowed: [.waitingForBootInstruction, .waitingForQuorumShards])
        ) { try quorum.scene(on: scene.enclave) }
    }

    @Test("two manifests at once end with one of them, whole")
    func concurrent() async throws {
        let enclave = try TestEnclave()
        let scenes = try await withThrowingTaskGroup(of: Scene.self) { group in
            for nonce in 1...8 as ClosedRange<UInt32> {
                group.addTask { try KnownQuorum().changed { $0.namespaceNonce = nonce }.scene(on: enclave) }
            }
            return try await group.reduce(into: [Scene]()) { $0.append($1) }
        }
        let held = try enclave.enclave.heldManifest().manifestHash
        let scene = try #require(scenes.first { $0.manifestHash == held })
        try scene.expect([try scene.approved(0)], [nil], held: 1)
        try scene.expectReady([try scene.approved(1)], of: 2)
    }
}
