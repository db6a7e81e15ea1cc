// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("manifests that come after one")
struct SuccessorTests {
    private let exporter: Exporter
    private static let notEnough = EnclaveError(
        .notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")
    private static let lowerNonce = EnclaveError(
        .lowerNonce, field: "manifest_envelope.manifest.namespace.nonce")
    private static let otherManifestSet = EnclaveError(
        .otherManifestSet, field: "manifest_envelope.manifest.manifestSet")
    private static let shareSetChanged = EnclaveError(
        .shareSetChanged, field: "manifest_envelope.manifest.shareSet")

    init() throws {
        exporter = try Exporter()
    }

    /// The exporter's quorum with a later manifest.
    private func update(
        _ change: (inout ManifestDraft) throws -> Void = { _ in }
    ) throws -> KnownQuorum {
        try exporter.quorum.changed {
            $0.namespaceNonce = 8
            try change(&$0)
        }
    }

    @Test("the manifest that is held needs no approvals in development", arguments: [0, 1, 3])
    func own(approvals: Int) throws {
        try exporter.expectExport(
            try ExportDraft(exporter.quorum, approvals: try exporter.quorum.approvals(approvals)))
    }

    @Test("one with a higher nonce, approved by the threshold, is taken", arguments: [8, 9, UInt32.max])
    func higher(nonce: UInt32) throws {
        try exporter.expectExport(try ExportDraft(exporter.quorum.changed { $0.namespaceNonce = nonce }))
    }

    @Test("whatever the application and the enclave are, is for those who approve to say")
    func otherEnclave() throws {
        let other = try update {
            $0.pivot = Pivot(hash: [UInt8](repeating: 5, count: 32), restart: .always, arguments: ["--new"])
            for register in [\NitroConfig.pcr0, \.pcr1, \.pcr2, \.pcr3] {
                $0.enclave[keyPath: register] = [UInt8](repeating: 0xEE, count: 48)
            }
            $0.enclave.qosCommit = "another"
        }
        try exporter.expectExport(try ExportDraft(other))
        try exporter.expectExport(try ExportDraft(try update { $0.version = .v1 }))
    }

    @Test("one that is not above is refused, however well approved", arguments: [0, 6, 7] as [UInt32])
    func lower(nonce: UInt32) throws {
        let other = try exporter.quorum.changed {
            $0.namespaceNonce = nonce
            $0.enclave.qosCommit = "another"
        }
        try exporter.expect(Self.lowerNonce, try ExportDraft(other, approvals: try other.approvals(3)))
    }

    @Test("the same content in another version is another manifest")
    func otherVersion() throws {
        let other = try exporter.quorum.changed { $0.version = .v1 }
        try exporter.expect(Self.lowerNonce, try ExportDraft(other))
    }

    // MARK: Approvals

    struct Approvals: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (KnownQuorum, _ hash: [UInt8]) throws -> [Approval]

        init(_ name: String, make: @escaping @Sendable (KnownQuorum, _ hash: [UInt8]) throws -> [Approval]) {
            testDescription = name
            self.make = make
        }
    }

    private static let tooFew: [Approvals] = [
        Approvals("none") { _, _ in [] },
        Approvals("one") { quorum, _ in try quorum.approvals(1) },
        Approvals("one twice") { quorum, _ in try quorum.approvals(1) + quorum.approvals(1) },
        Approvals("strangers'") { _, hash in try Member.all("stranger", 3).map { try $0.approval(of: hash) } },
        Approvals("strangers' under members' aliases") { _, hash in
            try (1...3).map { try Member("approver\($0)", 1).approval(of: hash) }
        },
        Approvals("share members'") { quorum, hash in try quorum.holders.map { try $0.approval(of: hash) } },
        Approvals("of the manifest that is held") { quorum, _ in
            try quorum.changed { $0.namespaceNonce = 7 }.approvals(3)
        },
        Approvals("of a later manifest") { quorum, _ in
            try quorum.changed { $0.namespaceNonce = 9 }.approvals(3)
        },
        Approvals("one member's signature under all names") { quorum, hash in
            let signature = try quorum.approvers[0].approval(of: hash).signature
            return quorum.approvers.map { Approval(signature: signature, member: $0.member) }
        },
        Approvals("changed signatures") { quorum, _ in
            try quorum.approvals(3).map { approval in
                var approval = approval
                approval.signature[63] ^= 1
                return approval
            }
        },
        Approvals("one and a bad one") { quorum, _ in
            try quorum.approvals(1) + [Approval(signature: [], member: quorum.approvers[1].member)]
        },
    ]

    @Test("without the threshold of valid approvals of its own it is refused", arguments: tooFew)
    func unapproved(approvals: Approvals) throws {
        let other = try update()
        let hash = try other.draft.manifest.hash()
        try exporter.expect(
            Self.notEnough, try ExportDraft(other, approvals: try approvals.make(other, hash)))
    }

    @Test("among approvals that do not count the threshold of valid ones is found")
    func amongOthers() throws {
        let other = try update()
        let hash = try other.draft.manifest.hash()
        let bad = Approval(signature: [UInt8](repeating: 1, count: 64), member: other.approvers[2].member)
        let good = try other.approvals(3)
        let approvals = [bad, try Member("stranger").approval(of: hash), good[2], bad, good[2], good[0]]
        try exporter.expectExport(try ExportDraft(other, approvals: approvals))
    }

    // MARK: What stays the same

    @Test("another quorum key is refused")
    func quorumKey() throws {
        let error = EnclaveError(.otherQuorumKey, field: "manifest_envelope.manifest.namespace.quorumKey")
        let swapped = exporter.quorum.key.publicKey
        for key in [
            try Member("another quorum").key.publicKey.bytes, swapped.signingPoint + swapped.encryptionPoint,
        ] {
            try exporter.expect(error, try ExportDraft(try update { $0.quorumKey = key }))
        }
    }

    @Test(
        "another namespace is refused, were it only spelt otherwise",
        arguments: ["other", "Namespace", "namespace ", "namespac", "namespace\u{200B}", "namespace/7"])
    func namespace(name: String) throws {
        try exporter.expect(
            EnclaveError(.otherNamespace, field: "manifest_envelope.manifest.namespace.name"),
            try ExportDraft(try update { $0.namespaceName = name }))
    }

    @Test("names are compared by their bytes, not by how they look")
    func namespaceBytes() throws {
        let composed = try Exporter(quorum: try KnownQuorum().changed { $0.namespaceName = "na\u{EF}ve" })
        let decomposed = try composed.quorum.changed {
            $0.namespaceNonce = 8
            $0.namespaceName = "nai\u{308}ve"
        }
        try composed.expect(
            EnclaveError(.otherNamespace, field: "manifest_envelope.manifest.namespace.name"),
            try ExportDraft(decomposed))
    }

    private static let memberChanges: [@Sendable (inout MemberSet) throws -> Void] = [
        { $0.threshold = 3 },
        { $0.members.removeLast() },
        { $0.members.append(try Member("newcomer").member) },
        { $0.members[1] = try Member("newcomer").member },
        { $0.members[1] = try Member($0.members[1].alias, 1).member },
        { $0.members[1].alias += "x" },
    ]

    @Test("other approvers, or another number of them, are refused", arguments: memberChanges.indices)
    func manifestSet(index: Int) throws {
        let other = try update { try Self.memberChanges[index](&$0.manifestSet) }
        try exporter.expect(Self.otherManifestSet, try ExportDraft(other, approvals: try other.approvals(3)))
    }

    @Test("other share members, or another number of them, are refused", arguments: memberChanges.indices)
    func shareSet(index: Int) throws {
        let other = try update { try Self.memberChanges[index](&$0.shareSet) }
        try exporter.expect(Self.shareSetChanged, try ExportDraft(other))
    }

    @Test("a lower threshold is another set, for approvers and for share members")
    func lowerThreshold() throws {
        let three = try Exporter(quorum: try KnownQuorum(3, of: 3).changed { $0.manifestSet.threshold = 2 })
        func later(_ change: (inout ManifestDraft) -> Void) throws -> ExportDraft {
            try ExportDraft(
                try three.quorum.changed {
                    $0.namespaceNonce = 8
                    change(&$0)
                })
        }
        try three.expect(Self.otherManifestSet, try later { $0.manifestSet.threshold = 1 })
        try three.expect(Self.shareSetChanged, try later { $0.shareSet.threshold = 2 })
    }

    @Test("the same approvers in another order are the same, while a share member's place is its share's")
    func order() throws {
        try exporter.expectExport(try ExportDraft(try update { $0.manifestSet.members.reverse() }))
        try exporter.expect(
            Self.shareSetChanged, try ExportDraft(try update { $0.shareSet.members.swapAt(0, 2) }))
    }
}
