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

    /// All of them, for every way in which a manifest comes.
    static let refusals = thresholds + members + names + enclaves

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

    /// What no request could repeat, or no line of a log or a terminal should show.
    private static let names: [Refusal] =
        ["", String(repeating: "n", count: 257), String(repeating: "é", count: 129)].map { name in
            Refusal(
                "a namespace of \(name.utf8.count) bytes", .badManifest,
                "manifest_envelope.manifest.namespace.name"
            ) { $0.namespaceName = name }
        }
        + ["", String(repeating: "a", count: 65), "a\nb", "\0", "\u{7F}", "\u{1B}[2J", "a\u{202E}b", "a\u{2028}"]
        .flatMap { alias in
            [
                Refusal(
                    "an alias like \(alias.debugDescription)",
                    EnclaveError(.badManifest, field: shareMembers, index: 1, "alias")
                ) { $0.shareSet.members[1].alias = alias },
                Refusal(
                    "an approver's alias like \(alias.debugDescription)",
                    EnclaveError(.badManifest, field: manifestMembers, index: 2, "alias")
                ) { $0.manifestSet.members[2].alias = alias },
            ]
        }
        + [
            Refusal("256 approvers", .badManifest, manifestMembers) {
                let key = $0.manifestSet.members[0].publicKey
                $0.manifestSet.members = (0..<256).map { QuorumMember(alias: "m\($0)", publicKey: key) }
            }
        ]

    private static let enclaves: [Refusal] = [
        Refusal("debug mode", .pivotMismatch, "manifest_envelope.manifest.pivot.debugMode") {
            $0.pivot.debugMode = true
        },
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

    @Test("each says what is wrong, and changes nothing", arguments: refusals)
    func refused(refusal: Refusal) throws {
        let enclave = try TestEnclave()
        let quorum = try KnownQuorum().changed(refusal.change)
        let envelope = try quorum.envelope(approvals: try quorum.approvals(3))
        let request = BootStandardRequest(manifestEnvelope: envelope, commitments: nil)
        enclave.expect(refusal.error) { try enclave.enclave.bootStandard(request) }
        // It is no obstacle to one that is right.
        try KnownQuorum().scene(on: enclave).provision(2)
    }

    @Test("one that is refused leaves the manifest that is held", arguments: refusals)
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

    @Test("approvals are read up to twice the largest set, and more of them are no envelope")
    func approvalCount() throws {
        let enclave = try TestEnclave()
        let quorum = try KnownQuorum()
        let good = try quorum.approvals(2)
        let junk = Approval(signature: [1], member: quorum.approvers[2].member)
        func boot(_ count: Int) throws -> BootStandardResult {
            let approvals = Array(repeating: junk, count: count - 2) + good
            return try enclave.enclave.bootStandard(
                .init(manifestEnvelope: try quorum.envelope(approvals: approvals), commitments: nil))
        }
        enclave.expect(EnclaveError(.badManifest, field: "manifest_envelope.manifestSetApprovals")) { try boot(511) }
        #expect(try boot(510).approvalsCounted == 2)
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
