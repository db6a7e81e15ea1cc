// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("manifests that are not booted")
struct ManifestAdmissionTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: EnclaveError
        let change: @Sendable (inout ManifestDraft) throws -> Void

        init(_ name: String, _ error: EnclaveError, change: @escaping @Sendable (inout ManifestDraft) throws -> Void) {
            testDescription = name
            self.error = error
            self.change = change
        }

        init(
            _ name: String, _ reason: EnclaveError.Reason, _ field: StaticString,
            change: @escaping @Sendable (inout ManifestDraft) throws -> Void
        ) {
            self.init(name, EnclaveError(reason, field: field), change: change)
        }
    }

    private static let shareMembers: StaticString = "manifest_envelope.manifest.shareSet.members"
    private static let manifestMembers: StaticString = "manifest_envelope.manifest.manifestSet.members"

    private static let thresholds: [Refusal] =
        ([0, 1, 4, .max] as [UInt32]).map { threshold in
            Refusal("a share threshold of \(threshold)", .badManifest, "manifest_envelope.manifest.shareSet.threshold")
            {
                $0.shareSet.threshold = threshold
            }
        }
        + ([0, 4, .max] as [UInt32]).map { threshold in
            Refusal(
                "a manifest threshold of \(threshold)", .badManifest,
                "manifest_envelope.manifest.manifestSet.threshold"
            ) { $0.manifestSet.threshold = threshold }
        }
        + [
            Refusal("no share members", .badManifest, "manifest_envelope.manifest.shareSet.threshold") {
                $0.shareSet.members = []
            },
            Refusal("no approvers", .badManifest, "manifest_envelope.manifest.manifestSet.threshold") {
                $0.manifestSet = MemberSet(threshold: 0, members: [])
            },
            Refusal("256 share members", .badManifest, "manifest_envelope.manifest.shareSet.members") {
                let key = $0.shareSet.members[0].publicKey
                $0.shareSet.members = (0..<256).map { QuorumMember(alias: "m\($0)", publicKey: key) }
            },
        ]

    private static let members: [Refusal] = [
        Refusal("a share member's alias twice", EnclaveError(.badManifest, field: shareMembers, index: 2, "alias")) {
            $0.shareSet.members[2].alias = $0.shareSet.members[0].alias
        },
        Refusal("a share member's key twice", EnclaveError(.badManifest, field: shareMembers, index: 1, "pubKey")) {
            $0.shareSet.members[1].publicKey = $0.shareSet.members[0].publicKey
        },
        Refusal("one signing point twice", EnclaveError(.badManifest, field: shareMembers, index: 1, "pubKey")) {
            let members = $0.shareSet.members
            $0.shareSet.members[1].publicKey = Array(members[1].publicKey.prefix(65) + members[0].publicKey.suffix(65))
        },
        Refusal("one encryption point twice", EnclaveError(.badManifest, field: manifestMembers, index: 2, "pubKey")) {
            let members = $0.manifestSet.members
            $0.manifestSet.members[2].publicKey = Array(
                members[0].publicKey.prefix(65) + members[2].publicKey.suffix(65))
        },
        Refusal("an approver's alias twice", EnclaveError(.badManifest, field: manifestMembers, index: 1, "alias")) {
            $0.manifestSet.members[1].alias = $0.manifestSet.members[0].alias
        },
        Refusal("a key of one point twice", EnclaveError(.badManifest, field: shareMembers, index: 0, "pubKey")) {
            let key = $0.shareSet.members[0].publicKey
            $0.shareSet.members[0].publicKey = Array(key.prefix(65) + key.prefix(65))
        },
        Refusal("a key of 129 bytes", EnclaveError(.badManifest, field: shareMembers, index: 0, "pubKey")) {
            $0.shareSet.members[0].publicKey.removeLast()
        },
        Refusal("a key off the curve", EnclaveError(.badManifest, field: manifestMembers, index: 0, "pubKey")) {
            $0.manifestSet.members[0].publicKey[129] ^= 1
        },
        Refusal("a quorum key of 129 bytes", .badManifest, "manifest_envelope.manifest.namespace.quorumKey") {
            $0.quorumKey.removeLast()
        },
        Refusal("a quorum key off the curve", .badManifest, "manifest_envelope.manifest.namespace.quorumKey") {
            $0.quorumKey[40] ^= 1
        },
        Refusal("no quorum key", .badManifest, "manifest_envelope.manifest.namespace.quorumKey") { $0.quorumKey = [] },
    ]

    private static let enclaves: [Refusal] = [
        Refusal("another pcr0", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr0") {
            $0.enclave.pcr0[47] ^= 1
        },
        Refusal("another pcr1", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr1") {
            $0.enclave.pcr1[0] ^= 1
        },
        Refusal("another pcr2", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr2") {
            $0.enclave.pcr2 = $0.enclave.pcr1
        },
        Refusal("a short pcr3", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr3") {
            $0.enclave.pcr3.removeLast()
        },
        Refusal("no pcr0", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr0") { $0.enclave.pcr0 = [] },
        Refusal(
            "zeros for measurements, as a debug enclave has them", .measurementMismatch,
            "manifest_envelope.manifest.enclave.pcr0"
        ) {
            let zero = [UInt8](repeating: 0, count: 48)
            ($0.enclave.pcr0, $0.enclave.pcr1, $0.enclave.pcr2) = (zero, zero, zero)
        },
        Refusal("another root", .measurementMismatch, "manifest_envelope.manifest.enclave.awsRootCertificate") {
            $0.enclave.awsRootCertificate = [1, 2, 4]
        },
        Refusal("no root", .measurementMismatch, "manifest_envelope.manifest.enclave.awsRootCertificate") {
            $0.enclave.awsRootCertificate = []
        },
        Refusal("another pivot", .pivotMismatch, "manifest_envelope.manifest.pivot.hash") {
            $0.pivot.hash = [UInt8](repeating: 8, count: 32)
        },
        Refusal("a pivot of zeros", .pivotMismatch, "manifest_envelope.manifest.pivot.hash") {
            $0.pivot.hash = [UInt8](repeating: 0, count: 32)
        },
        Refusal("arguments", .pivotMismatch, "manifest_envelope.manifest.pivot.args") {
            $0.pivot.arguments = ["--debug"]
        },
        Refusal("an environment", .pivotMismatch, "manifest_envelope.manifest.pivot.env") {
            $0.pivot.environment = [try PivotVariable(name: "A", value: "b")]
        },
    ]

    @Test("each says what is wrong, and changes nothing", arguments: thresholds + members + enclaves)
    func refused(refusal: Refusal) throws {
        let enclave = try TestEnclave()
        let quorum = try KnownQuorum().changed(refusal.change)
        let envelope = try quorum.envelope(approvals: try quorum.approvals(3))
        let request = BootStandardRequest(manifestEnvelope: envelope, commitments: nil)
        enclave.expect(refusal.error) { try enclave.enclave.bootStandard(request) }
        // It is no obstacle to one that is right.
        try KnownQuorum().scene(on: enclave).provision(2)
    }

    @Test("one that is refused leaves the manifest that is held", arguments: thresholds + members + enclaves)
    func heldStays(refusal: Refusal) throws {
        let scene = try KnownQuorum().scene()
        let quorum = try KnownQuorum().changed(refusal.change)
        scene.enclave.expect(refusal.error) { try scene.enclave.enclave.bootStandard(try quorum.boot()) }
        try scene.provision(2)
    }

    @Test(
        "what is no envelope is no manifest",
        arguments: [
            "", "{}", "null", "[]", "\"\"", "{\"manifest\":{}}", "not JSON", "{", "\u{FEFF}{}",
            "{\"manifest\":{\"version\":\"v3\"},\"manifestSetApprovals\":[],\"shareSetApprovals\":[]}",
        ])
    func noEnvelope(text: String) throws {
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope")) {
            try enclave.enclave.bootStandard(.init(manifestEnvelope: Array(text.utf8), commitments: nil))
        }
    }

    @Test("an envelope that is cut anywhere, or has more behind it, is none")
    func cut() throws {
        let enclave = try TestEnclave()
        let whole = try KnownQuorum().envelope(approvals: try KnownQuorum().approvals(2))
        for text in stride(from: 0, to: whole.count, by: 37).map({ Array(whole.prefix($0)) }) + [whole + [0x7D]] {
            #expect(throws: EnclaveError(.badManifest, field: "manifest_envelope")) {
                try enclave.enclave.bootStandard(.init(manifestEnvelope: text, commitments: nil))
            }
        }
    }

    @Test("an envelope under which shares have been given is refused")
    func shareApprovals() throws {
        let enclave = try TestEnclave()
        let quorum = try KnownQuorum()
        let approval = try quorum.holders[0].approval(of: try quorum.draft.manifest.hash())
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope.shareSetApprovals")) {
            try enclave.enclave.bootStandard(
                .init(manifestEnvelope: try quorum.envelope(shareApprovals: [approval]), commitments: nil))
        }
    }

    @Test(
        "a manifest of any version with the same content is booted, under its own hash",
        arguments: [
            ManifestVersion.v0, .v1, .v2,
        ])
    func versions(version: ManifestVersion) throws {
        let quorum = try KnownQuorum().changed { $0.version = version }
        let scene = try quorum.scene(approvals: 2, commitments: try quorum.commitments())
        #expect(scene.manifestHash == (try quorum.draft.manifest.hash()))
        let held = try scene.enclave.enclave.heldManifest()
        #expect(try ManifestEnvelope.decode(held.manifestEnvelope).manifest == quorum.draft.manifest)
        try scene.expect([try scene.approved(0)], [nil], held: 1)
        try scene.expectReady([try scene.approved(2)], of: 2)
        let hashes = try [ManifestVersion.v0, .v1, .v2].map { version in
            try quorum.changed { $0.version = version }.draft.manifest.hash()
        }
        #expect(Set(hashes).count == 3)
    }
}

@Suite("commitments that are not believed")
struct CommitmentsTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (KnownQuorum) throws -> CommitmentsRecord

        init(_ name: String, make: @escaping @Sendable (KnownQuorum) throws -> CommitmentsRecord) {
            testDescription = name
            self.make = make
        }

        /// Commitments with one part changed, signed anew where that is asked for.
        init(_ name: String, signed: Bool, change: @escaping @Sendable (inout Parts) -> Void) {
            self.init(name) { quorum in
                var parts = Parts(try quorum.commitments())
                change(&parts)
                if signed {
                    parts.signature = try quorum.key.sign(ShareCommitments(parts.record).message())
                }
                return parts.record
            }
        }
    }

    struct Parts: Sendable {
        var namespaceName: String
        var namespaceNonce: UInt32
        var manifestHash: [UInt8]
        var quorumPublicKey: [UInt8]
        var threshold: UInt32
        var epoch: UInt32
        var shares: [CommitmentsRecord.Entry]
        var signature: [UInt8]

        init(_ record: CommitmentsRecord) {
            namespaceName = record.namespaceName
            namespaceNonce = record.namespaceNonce
            manifestHash = record.manifestHash
            quorumPublicKey = record.quorumPublicKey
            threshold = record.threshold
            epoch = record.epoch
            shares = record.shares
            signature = record.signature
        }

        var record: CommitmentsRecord {
            CommitmentsRecord(
                namespaceName: namespaceName, namespaceNonce: namespaceNonce, manifestHash: manifestHash,
                quorumPublicKey: quorumPublicKey, threshold: threshold, epoch: epoch, shares: shares,
                signature: signature)
        }

        mutating func changeEntry(
            _ place: Int, identifier: UInt8? = nil, alias: String? = nil, key: [UInt8]? = nil, hash: [UInt8]? = nil
        ) {
            let entry = shares[place]
            shares[place] = .init(
                identifier: identifier ?? entry.identifier,
                member: MemberRecord(
                    alias: alias ?? entry.member.alias, publicKey: key ?? entry.member.publicKey),
                shareHash: hash ?? entry.shareHash)
        }
    }

    /// What even the quorum key could not make good.
    private static let contradictions: [Damage] = [
        Damage("for another namespace", signed: true) { $0.namespaceName = "other" },
        Damage("for another threshold", signed: true) { $0.threshold = 3 },
        Damage("of another epoch", signed: true) { $0.epoch = 1 },
        Damage("of a hash of 31 bytes", signed: true) { $0.manifestHash.removeLast() },
        Damage("for another key", signed: true) { $0.quorumPublicKey[5] ^= 1 },
        Damage("without one share", signed: true) { $0.shares.removeLast() },
        Damage("without shares", signed: true) { $0.shares = [] },
        Damage("with one share twice", signed: true) { $0.shares.append($0.shares[0]) },
        Damage("with shares in another order", signed: true) { $0.shares.swapAt(0, 1) },
        Damage("with another x", signed: true) { $0.changeEntry(1, identifier: 3) },
        Damage("with an x of zero", signed: true) { $0.changeEntry(0, identifier: 0) },
        Damage("with another alias", signed: true) { $0.changeEntry(1, alias: "other") },
        Damage("with another member's key", signed: true) { $0.changeEntry(1, key: $0.shares[0].member.publicKey) },
        Damage("with a hash of 63 bytes", signed: true) { $0.changeEntry(2, hash: [UInt8](repeating: 1, count: 63)) },
        Damage("with a hash of no bytes", signed: true) { $0.changeEntry(2, hash: []) },
    ]

    private static let forgeries: [Damage] = [
        Damage("with another hash", signed: false) { $0.changeEntry(0, hash: [UInt8](repeating: 1, count: 64)) },
        Damage("with two hashes exchanged", signed: false) {
            let hashes = $0.shares.map(\.shareHash)
            $0.changeEntry(0, hash: hashes[1])
            $0.changeEntry(1, hash: hashes[0])
        },
        Damage("with another nonce", signed: false) { $0.namespaceNonce = 8 },
        Damage("of another manifest", signed: false) { $0.manifestHash[0] ^= 1 },
        Damage("unsigned", signed: false) { $0.signature = [] },
        Damage("signed by zeros", signed: false) { $0.signature = [UInt8](repeating: 0, count: 64) },
        Damage("with a changed signature", signed: false) { $0.signature[63] ^= 1 },
        Damage("with a signature of 65 bytes", signed: false) { $0.signature.append(0) },
        Damage("signed by another key") { quorum in
            var parts = Parts(try quorum.commitments())
            parts.signature = try quorum.holders[0].key.sign(ShareCommitments(parts.record).message())
            return parts.record
        },
        Damage("of another quorum's genesis") { _ in
            try KnownQuorum(seed: String(repeating: "33", count: 32)).commitments()
        },
    ]

    @Test("each is a bad commitment, and changes nothing", arguments: contradictions + forgeries)
    func damaged(damage: Damage) throws {
        let quorum = try KnownQuorum()
        let commitments = try damage.make(quorum)
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try enclave.enclave.bootStandard(try quorum.boot(commitments: commitments))
        }
        // Nor where the manifest is held already.
        let scene = try quorum.scene(on: enclave)
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try enclave.enclave.bootStandard(try quorum.boot(commitments: commitments))
        }
        try scene.provision(2)
    }

    @Test("those of the genesis hold for a later manifest of the same quorum")
    func laterManifest() throws {
        let quorum = try KnownQuorum()
        let later = try quorum.changed {
            $0.namespaceNonce = 9
            $0.manifestSet.threshold = 1
        }
        let scene = try later.scene(commitments: try quorum.commitments())
        try scene.expect(
            [try scene.plain([1] + [UInt8](repeating: 7, count: 32), as: "holder1")], [.badShare], held: 0)
        try scene.provision(2)
    }
}
