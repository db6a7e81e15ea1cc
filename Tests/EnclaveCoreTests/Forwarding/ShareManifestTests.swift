// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("a manifest that is shared with a fresh enclave")
struct ShareManifestTests {
    private let module = RecordingModule()
    private let enclave: TestEnclave

    init() throws {
        enclave = try TestEnclave(module: module)
    }

    private func share(
        _ quorum: KnownQuorum, approvals: Int = 0, commitments: CommitmentsRecord? = nil
    ) throws -> ShareManifestResult {
        try enclave.enclave.shareManifest(try quorum.shareRequest(approvals: approvals, commitments: commitments))
    }

    @Test("it is held, and the key is awaited")
    func shared() throws {
        let quorum = try KnownQuorum()
        let commitments = try quorum.commitments()
        let result = try share(quorum, approvals: 2, commitments: commitments)
        #expect(result.manifestHash == (try quorum.draft.manifest.hash()))
        #expect(try QuorumPublicKey(result.ephemeralKey).bytes == enclave.appearance.keys[0])
        let info = enclave.enclave.info()
        #expect(info.history.map(\.phase) == [.waitingForBootInstruction, .waitingForForwardedKey])
        #expect(info.quorum?.publicKey == quorum.key.publicKey.bytes)
        #expect(info.quorum?.keyCheck == nil)
        #expect(info.quorum?.sharesReceived == 0)
        let held = try enclave.enclave.heldManifest()
        #expect(held.manifestEnvelope == (try quorum.envelope(approvals: try quorum.approvals(2))))
        #expect(held.commitments == commitments)
        #expect(enclave.arena.slotsLent == 0)
    }

    @Test("what is refused at a boot is refused here, for the same reason", arguments: ManifestAdmissionTests.refusals)
    func refused(refusal: ManifestAdmissionTests.Refusal) throws {
        let request = try KnownQuorum().changed(refusal.change).shareRequest(approvals: 3)
        enclave.expect(refusal.error) { try enclave.enclave.shareManifest(request) }
        // Nor does it displace one that is held.
        let held = try share(try KnownQuorum())
        enclave.expect(refusal.error) { try enclave.enclave.shareManifest(request) }
        #expect(enclave.appearance.keys[0] == held.ephemeralKey)
        #expect(module.commits.count == 1)
    }

    @Test(
        "what is no envelope is refused",
        arguments: ["", "{}", "null", "{\"manifest\":{}}", "not JSON", "\u{FEFF}{}"])
    func noEnvelope(text: String) throws {
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope")) {
            try enclave.enclave.shareManifest(.init(manifestEnvelope: Array(text.utf8), commitments: nil))
        }
    }

    @Test("an envelope with approvals of the share set is refused")
    func shareApprovals() throws {
        let quorum = try KnownQuorum()
        let approval = try quorum.holders[0].approval(of: try quorum.draft.manifest.hash())
        let envelope = try quorum.envelope(approvals: try quorum.approvals(2), shareApprovals: [approval])
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope.shareSetApprovals")) {
            try enclave.enclave.shareManifest(.init(manifestEnvelope: envelope, commitments: nil))
        }
    }

    @Test("commitments that come with it must hold")
    func badCommitments() throws {
        let quorum = try KnownQuorum()
        let other = try quorum.changed { $0.namespaceName = "other" }.commitments()
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try share(quorum, commitments: other)
        }
    }

    @Test("the same one again keeps the setup key, and adds approvals and commitments")
    func again() throws {
        let quorum = try KnownQuorum()
        let first = try share(quorum, approvals: 1)
        let before = enclave.appearance
        let third = try quorum.approvers[2].approval(of: first.manifestHash)
        let envelope = try quorum.envelope(approvals: [third])
        let commitments = try quorum.commitments()
        #expect(
            try enclave.enclave.shareManifest(.init(manifestEnvelope: envelope, commitments: commitments)) == first)
        #expect(try share(quorum) == first)
        let held = try enclave.enclave.heldManifest()
        #expect(
            try ManifestEnvelope.decode(held.manifestEnvelope).manifestSetApprovals
                == (try quorum.approvals(1)) + [third])
        #expect(held.commitments == commitments)
        #expect(enclave.appearance.keys == before.keys)
        #expect(enclave.appearance.info == before.info)
        #expect(module.commits.count == 1)
    }

    @Test("in development another one replaces it, with other keys and registers that start anew")
    func replaced() throws {
        let first = try share(try KnownQuorum(), approvals: 2)
        let before = enclave.appearance
        let quorum = try KnownQuorum().changed { $0.namespaceNonce = 8 }
        let second = try share(quorum)
        #expect(second.manifestHash == (try quorum.draft.manifest.hash()))
        #expect(second.ephemeralKey != first.ephemeralKey)
        #expect(zip(enclave.appearance.keys, before.keys).allSatisfy { $0 != $1 })
        #expect(
            enclave.appearance.registers == [
                ManifestCommitment.setup.registerValue(
                    manifestHash: second.manifestHash, ephemeralKey: second.ephemeralKey),
                ManifestCommitment.live.registerValue(
                    manifestHash: second.manifestHash, ephemeralKey: try #require(enclave.appearance.keys[1])),
            ])
        #expect(try ManifestEnvelope.decode(enclave.enclave.heldManifest().manifestEnvelope) == quorum.bare)
        // A replacement enters no state.
        #expect(enclave.enclave.info().history == before.info.history)
    }

    @Test("a manifest of any version is taken", arguments: [ManifestVersion.v0, .v1, .v2])
    func versions(version: ManifestVersion) throws {
        let quorum = try KnownQuorum().changed { $0.version = version }
        #expect(try share(quorum).manifestHash == (try quorum.draft.manifest.hash()))
    }

    @Test("several at once end with one of them, whole")
    func concurrent() async throws {
        let results = try await withThrowingTaskGroup(of: ShareManifestResult.self) { group in
            for nonce in 1...6 as ClosedRange<UInt32> {
                group.addTask { try share(try KnownQuorum().changed { $0.namespaceNonce = nonce }) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let hash = try enclave.enclave.heldManifest().manifestHash
        let held = try #require(results.first { $0.manifestHash == hash })
        #expect(enclave.appearance.keys[0] == held.ephemeralKey)
        #expect(
            enclave.appearance.registers[0]
                == ManifestCommitment.setup.registerValue(manifestHash: hash, ephemeralKey: held.ephemeralKey))
        #expect(module.commits.count == 6)
    }
}

@Suite("a shared manifest under production's rules")
struct FixedManifestTests {
    private let enclave: TestEnclave
    private static let notEnough = EnclaveError(
        .notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")

    init() throws {
        enclave = try TestEnclave(EnclavePolicy.development.rehearsingProduction)
    }

    @Test("it needs its set's approvals, and no commitments", arguments: [0, 1])
    func approvals(count: Int) throws {
        let quorum = try KnownQuorum()
        enclave.expect(Self.notEnough) {
            try enclave.enclave.shareManifest(
                try quorum.shareRequest(approvals: count, commitments: try quorum.commitments()))
        }
        _ = try enclave.enclave.shareManifest(try quorum.shareRequest(approvals: 2))
        #expect(enclave.phase == .waitingForForwardedKey)
    }

    @Test("approvals of one member, of strangers and of share members do not reach the threshold")
    func invalidApprovals() throws {
        let quorum = try KnownQuorum()
        let hash = try quorum.draft.manifest.hash()
        let one = try quorum.approvals(1)[0]
        let approvals = [
            one, one, try Member("stranger").approval(of: hash), try quorum.holders[0].approval(of: hash),
            Approval(signature: one.signature, member: quorum.approvers[1].member),
        ]
        enclave.expect(Self.notEnough) {
            try enclave.enclave.shareManifest(
                .init(manifestEnvelope: try quorum.envelope(approvals: approvals), commitments: nil))
        }
    }

    @Test("it is never replaced, and the refusal says in which state")
    func fixed() throws {
        let quorum = try KnownQuorum()
        let first = try enclave.enclave.shareManifest(try quorum.shareRequest(approvals: 2))
        let other = try quorum.changed { $0.namespaceNonce = 8 }
        for approvals in [0, 3] {
            enclave.expect(EnclaveError(.manifestFixed, state: .waitingForForwardedKey)) {
                try enclave.enclave.shareManifest(try other.shareRequest(approvals: approvals))
            }
        }
        // The same one still gathers approvals.
        #expect(try enclave.enclave.shareManifest(try quorum.shareRequest(approvals: 3)) == first)
        let held = try ManifestEnvelope.decode(enclave.enclave.heldManifest().manifestEnvelope)
        #expect(held.manifestSetApprovals.count == 3)
    }
}

extension KnownQuorum {
    /// The manifest without approvals.
    fileprivate var bare: ManifestEnvelope {
        get throws { ManifestEnvelope(manifest: try draft.manifest) }
    }
}
