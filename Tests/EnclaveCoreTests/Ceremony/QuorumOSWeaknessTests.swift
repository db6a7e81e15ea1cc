// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// What QuorumOS's protocol leaves open and this enclave does not.
@Suite("what QuorumOS leaves open")
struct QuorumOSWeaknessTests {
    @Test("a share is checked on its own when it comes, not only together with the others")
    func shareCheckedAlone() throws {
        let scene = try HeldGenesis(3, of: 3).scene
        var wrong = scene.shares[0]
        wrong[20] ^= 1
        try scene.expect([try scene.plain(wrong, as: "holder1")], [.badShare], held: 0)
    }

    @Test("no junk that anybody posts ends the boot")
    func junk() throws {
        let scene = try HeldGenesis(2, of: 3).scene
        let enclave = scene.enclave
        for byte in 0...255 as ClosedRange<UInt8> {
            let junk = [UInt8](repeating: byte, count: Int(byte) + 1)
            let alias = byte % 2 == 0 ? "holder1" : String(repeating: "x", count: Int(byte))
            _ = try scene.inject([
                try scene.plain(junk, as: alias), try scene.ciphertext(junk, as: 1),
                BroughtShare(memberAlias: alias, form: .sealed(junk, approval: junk)),
            ])
            #expect(throws: EnclaveError.self) {
                try enclave.enclave.bootStandard(.init(manifestEnvelope: junk, commitments: nil))
            }
        }
        #expect(enclave.phase == .waitingForQuorumShards)
        #expect(enclave.enclave.info().quorum?.sharesReceived == 0)
        try scene.provision(2)
        #expect(enclave.arena.slotsLent == 0)
    }

    @Test("a bad boot or a bad genesis leaves the enclave waiting for a good one")
    func badBoot() throws {
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope")) {
            try enclave.enclave.bootStandard(.init(manifestEnvelope: [0x7B], commitments: nil))
        }
        #expect(enclave.phase == .waitingForBootInstruction)
        try HeldGenesis(2, of: 2, on: enclave).scene.provision(2)
    }

    @Test("one member cannot post every share")
    func distinctMembers() throws {
        for commitments in [true, false] {
            let quorum = try KnownQuorum(2, of: 3)
            let scene = try quorum.scene(commitments: commitments ? try quorum.commitments() : nil)
            try scene.expect([try scene.plain(0)], [nil], held: 1)
            try scene.expect(
                [try scene.plain(scene.shares[1], as: "holder1"), try scene.plain(scene.shares[2], as: "holder1")],
                [.badShare, .badShare], held: 1)
        }
    }

    @Test("a manifest with one person twice in its share set is not booted")
    func duplicateMembers() throws {
        let quorum = try KnownQuorum().changed {
            $0.shareSet.members[1] = QuorumMember(alias: "again", publicKey: $0.shareSet.members[0].publicKey)
        }
        let enclave = try TestEnclave()
        enclave.expect(
            EnclaveError(
                .badManifest, field: "manifest_envelope.manifest.shareSet.members", index: 1, "pubKey")
        ) { try quorum.scene(on: enclave) }
    }

    @Test("a captured share that is sent again counts as what it is, and bricks nothing")
    func replay() throws {
        let scene = try KnownQuorum(2, of: 3).scene()
        let captured = try scene.approved(0)
        for _ in 0..<3 { try scene.expect([captured], [nil], held: 1) }
        try scene.expectReady([try scene.approved(1)], of: 2)
    }

    @Test("nobody is recorded as having given what was not accepted")
    func recordedAfterAcceptance() throws {
        let scene = try HeldGenesis(2, of: 3).scene
        var wrong = scene.shares[0]
        wrong[20] ^= 1
        try scene.expect([try scene.approved(wrong, by: 0)], [.badShare], held: 0)
        let held = try ManifestEnvelope.decode(scene.enclave.enclave.heldManifest().manifestEnvelope)
        #expect(held.shareSetApprovals.isEmpty)
    }

    @Test("an approval belongs to one ciphertext: a relay cannot put another share under it")
    func approvalBindsCiphertext() throws {
        let scene = try HeldGenesis(2, of: 3).scene
        let genuine = try sealed(scene.shares[0], to: scene.setupKey)
        let approval = try scene.approval(of: genuine, by: 0)
        let swapped = try sealed([1] + [UInt8](repeating: 7, count: 32), to: scene.setupKey)
        try scene.expect(
            [BroughtShare(memberAlias: "holder1", form: .sealed(swapped, approval: approval))], [.badApproval],
            held: 0)
    }

    @Test("who is in both sets and gave a share has not approved the manifest, nor the other way round")
    func rolesAreSeparate() throws {
        let enclave = try TestEnclave(EnclavePolicy.development.rehearsingProduction)
        let quorum = try KnownQuorum().changed { $0.manifestSet = $0.shareSet }
        let hash = try quorum.draft.manifest.hash()
        let approvals = try quorum.holders.prefix(2).map { try $0.approval(of: hash) }
        let booted = try enclave.enclave.bootStandard(
            .init(
                manifestEnvelope: try quorum.envelope(approvals: approvals), commitments: try quorum.commitments()))
        let scene = Scene(
            enclave: enclave, members: quorum.holders, shares: quorum.shares,
            setupKey: try QuorumPublicKey(booted.ephemeralKey), manifestHash: hash)
        // The approval of the manifest lies in it for everybody to replay.
        try scene.expect([try scene.sealed(0) { _ in approvals[0].signature }], [.badApproval], held: 0)
        // That of a share is none of the manifest.
        let ciphertext = try sealed(scene.shares[2], to: scene.setupKey)
        let stolen = Approval(
            signature: try scene.approval(of: ciphertext, by: 2), member: quorum.holders[2].member)
        let again = try enclave.enclave.bootStandard(
            .init(manifestEnvelope: try quorum.envelope(approvals: [stolen]), commitments: nil))
        #expect(again.approvalsCounted == 2)
    }

    @Test("what the quorum key signs of its own names its purpose, so that nothing else can be taken for it")
    func domainSeparation() throws {
        let genesis = try HeldGenesis(2, of: 3)
        let commitments = ShareCommitments(genesis.answer.commitments)
        #expect(commitments.message().starts(with: Array("renclave/share-commitments/v1\0".utf8)))
        let key = try QuorumPublicKey(genesis.answer.quorumPublicKey)
        try key.verify(commitments.signature, of: commitments.message())
        let message = ShareApproval.message(
            manifestHash: genesis.answer.manifestHash, ephemeralKey: genesis.scene.setupKey, sealedShare: [1])
        #expect(message.starts(with: Array("renclave/share-approval/v1\0".utf8)))
        #expect(message.count == 27 + 3 * 32)
    }

    @Test("thresholds are compared with the sets: none of zero, one, or more than there are members")
    func thresholds() throws {
        let changes: [@Sendable (inout ManifestDraft) -> Void] = [
            { $0.manifestSet.threshold = 0 }, { $0.manifestSet.threshold = 4 }, { $0.shareSet.threshold = 0 },
            { $0.shareSet.threshold = 1 }, { $0.shareSet.threshold = 4 },
        ]
        for change in changes {
            let enclave = try TestEnclave()
            let quorum = try KnownQuorum().changed(change)
            #expect(throws: EnclaveError.self) { try enclave.enclave.bootStandard(try quorum.boot(approvals: 3)) }
            #expect(enclave.phase == .waitingForBootInstruction)
        }
    }

    @Test("a manifest whose threshold is not the split's is refused with commitments, and costs nothing without")
    func splitThreshold() throws {
        let genesis = try KnownQuorum(3, of: 3)
        let commitments = try genesis.commitments()
        let lower = try genesis.changed { $0.shareSet.threshold = 2 }
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try lower.scene(on: enclave, commitments: commitments)
        }
        let scene = try lower.scene(on: enclave)
        #expect(try scene.inject([try scene.plain(0), try scene.plain(1)]).isOtherKey)
        try scene.provision(3)
    }

    @Test("one invalid approval among enough valid ones spoils nothing")
    func invalidExtraApproval() throws {
        let enclave = try TestEnclave(EnclavePolicy.development.rehearsingProduction)
        let quorum = try KnownQuorum()
        let bad = Approval(signature: [UInt8](repeating: 1, count: 64), member: quorum.approvers[2].member)
        let booted = try enclave.enclave.bootStandard(
            .init(
                manifestEnvelope: try quorum.envelope(approvals: [bad] + quorum.approvals(2)),
                commitments: try quorum.commitments()))
        #expect(booted.approvalsCounted == 2)
    }

    @Test("an environment that would not be given to the application is refused rather than passed over")
    func environment() throws {
        let quorum = try KnownQuorum().changed {
            $0.pivot.environment = [try PivotVariable(name: "NETWORK", value: "main")]
        }
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.pivotMismatch, field: "manifest_envelope.manifest.pivot.env")) {
            try quorum.scene(on: enclave)
        }
    }

    @Test(
        "a member that is not known is refused wherever it stands in a manifest of version 2",
        arguments: [
            "{\"manifest\":", "\"manifest\":{", "\"namespace\":{", "\"pivot\":{", "\"shareSet\":{", "\"enclave\":{",
            "{\"alias\":",
        ])
    func unknownMembers(place: String) throws {
        let text = String(decoding: try KnownQuorum().envelope(), as: UTF8.self)
        let extra = "\"extra\":\"1\","
        let inserted = place.hasSuffix("{") ? place + extra : "{" + extra + place.dropFirst()
        let changed = text.replacing(place, with: inserted, maxReplacements: 1)
        #expect(changed != text)
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope")) {
            try enclave.enclave.bootStandard(.init(manifestEnvelope: Array(changed.utf8), commitments: nil))
        }
    }

    @Test("a manifest that says a version is read as that or not at all")
    func noFallback() throws {
        let old = try KnownQuorum().changed { $0.version = .v1 }
        let text = String(decoding: try old.envelope(), as: UTF8.self)
        let declared = text.replacing("{\"manifest\":{", with: "{\"manifest\":{\"version\":\"v2\",")
        #expect(declared != text)
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope")) {
            try enclave.enclave.bootStandard(.init(manifestEnvelope: Array(declared.utf8), commitments: nil))
        }
        _ = try enclave.enclave.bootStandard(.init(manifestEnvelope: Array(text.utf8), commitments: nil))
    }

    @Test("the shares of a genesis are proven to give the key, whichever of them are taken")
    func everySubset() throws {
        let genesis = try HeldGenesis(3, of: 5)
        for first in 0..<5 {
            for second in (first + 1)..<5 {
                for third in (second + 1)..<5 {
                    let fresh = try TestEnclave()
                    _ = try fresh.enclave.bootStandard(try genesis.boot())
                    let scene = Scene(
                        enclave: fresh, members: genesis.scene.members, shares: genesis.scene.shares,
                        setupKey: genesis.scene.setupKey, manifestHash: genesis.answer.manifestHash)
                    try scene.expectReady(try [first, second, third].map { try scene.plain($0) }, of: 3)
                }
            }
        }
    }

    @Test("what a genesis gives out is bound to its namespace, threshold and members")
    func boundToNamespace() throws {
        let genesis = try HeldGenesis(2, of: 3)
        let commitments = genesis.answer.commitments
        #expect(commitments.namespaceName == "namespace")
        #expect(commitments.namespaceNonce == 7)
        #expect(commitments.threshold == 2)
        #expect(commitments.shares.map(\.member) == genesis.answer.encryptedShares.map(\.member))
        #expect(commitments.manifestHash == genesis.answer.manifestHash)
        #expect(commitments.quorumPublicKey == genesis.answer.quorumPublicKey)
    }
}
