// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("exports under production's rules")
struct ProductionExportTests {
    private static let badNonce = EnclaveError(.badNonce, field: "attestation_doc.nonce")
    private static let otherRole = EnclaveError(.measurementMismatch, field: "attestation_doc.pcrs[3]")
    private static let debug = EnclaveError(.debugEnclave, field: "attestation_doc.pcrs")
    private static let notEnough = EnclaveError(
        .notEnoughApprovals, field: "manifest_envelope.manifestSetApprovals")
    private static let zeros = [UInt8](repeating: 0, count: 48)

    private static let development = EnclavePolicy.development
    private static let rehearsal = EnclavePolicy.development.rehearsingProduction

    /// All of production's rules, under the root of these tests.
    private static let production = EnclavePolicy(
        mode: .production,
        attestation: .nitro,
        trustedRoot: RootFingerprint(ofCertificate: Samples.measurements.rootCertificate),
        rules: .production,
        refusesSteeringEnvironment: true,
        lacking: []
    )

    /// An enclave that was measured like this, under a manifest that says so.
    private func exporter(_ policy: EnclavePolicy, _ change: (inout NitroConfig) -> Void = { _ in }) throws -> Exporter
    {
        let quorum = try KnownQuorum().changed { change(&$0.enclave) }
        return try Exporter(policy, quorum: quorum)
    }

    /// What an enclave of a later manifest asks with, freshly.
    private func update(_ exporter: Exporter, _ change: (inout NitroConfig) -> Void = { _ in }) throws -> ExportDraft {
        let quorum = try exporter.quorum.changed {
            $0.namespaceNonce = 8
            change(&$0.enclave)
        }
        return try ExportDraft(quorum, nonce: try exporter.challenge())
    }

    @Test("only a document that answers a challenge is fresh", arguments: [rehearsal, production])
    func challenge(policy: EnclavePolicy) throws {
        let exporter = try exporter(policy)
        try exporter.expect(Self.badNonce, try ExportDraft(exporter.quorum))
        try exporter.expect(Self.badNonce, try ExportDraft(exporter.quorum, nonce: [1]))
        try exporter.expectExport(try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
        try exporter.expectExport(try update(exporter))
    }

    @Test("an empty nonce is no challenge, in development neither", arguments: [development, rehearsal])
    func emptyNonce(policy: EnclavePolicy) throws {
        let exporter = try exporter(policy)
        try exporter.expect(Self.badNonce, try ExportDraft(exporter.quorum, nonce: []))
    }

    // MARK: Approvals

    @Test("also the manifest that is held must be approved, by what is held and what comes together")
    func ownManifest() throws {
        let exporter = try exporter(Self.rehearsal)
        let approvals = try exporter.quorum.approvals(3)
        func hold(_ held: [Approval]) throws {
            let checked = try CheckedManifest(exporter.quorum.draft.manifest)
            let manifest = AdoptedManifest(checked, approvals: held, commitments: nil)
            try exporter.enclave.enclave.change(for: .info) { _ in
                Enclave.Change(value: ()) { state, _ in state.holdings.manifest = manifest }
            }
        }
        func draft(_ brought: [Approval]) throws -> ExportDraft {
            try ExportDraft(exporter.quorum, approvals: brought, nonce: try exporter.challenge())
        }
        try hold([])
        try exporter.expect(Self.notEnough, try draft([]))
        try exporter.expect(Self.notEnough, try draft([approvals[0]]))
        try exporter.expect(Self.notEnough, try draft([approvals[0], approvals[0]]))
        try exporter.expect(
            Self.notEnough,
            try draft([Member("stranger"), Member("stranger2")].map { try $0.approval(of: exporter.quorum.hash) }))
        try exporter.expectExport(try draft(Array(approvals[1...])))
        try hold([approvals[0]])
        try exporter.expect(Self.notEnough, try draft([approvals[0]]))
        try exporter.expectExport(try draft([approvals[2]]))
        try hold(Array(approvals[..<2]))
        try exporter.expectExport(try draft([]))
    }

    // MARK: Debug mode

    @Test("the key goes to no enclave in debug mode, whoever approved it", arguments: [rehearsal, production], 0..<4)
    func debugEnclave(policy: EnclavePolicy, register: Int) throws {
        let exporter = try exporter(policy)
        let draft = try update(exporter) { enclave in
            if register == 0 || register == 3 { enclave.pcr0 = Self.zeros }
            if register == 1 || register == 3 { enclave.pcr1 = Self.zeros }
            if register == 2 || register == 3 { enclave.pcr2 = Self.zeros }
        }
        try exporter.expect(Self.debug, draft)
    }

    @Test("an enclave in debug mode gives it to none of its own kind either")
    func ownDebug() throws {
        let exporter = try exporter(Self.rehearsal) { $0.pcr0 = Self.zeros }
        try exporter.expect(
            Self.debug, try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
    }

    @Test("in development it goes to one that was approved")
    func debugInDevelopment() throws {
        let exporter = try exporter(Self.development)
        try exporter.expectExport(
            try update(exporter) { ($0.pcr0, $0.pcr1, $0.pcr2) = (Self.zeros, Self.zeros, Self.zeros) })
    }

    // MARK: The role of the instance

    @Test("the key goes to no enclave of another role, or of none")
    func otherRole() throws {
        let exporter = try exporter(Self.production)
        for role in [Self.zeros, [UInt8](repeating: 5, count: 48)] {
            try exporter.expect(Self.otherRole, try update(exporter) { $0.pcr3 = role })
        }
        try exporter.expectExport(try update(exporter) { $0.pcr0 = [UInt8](repeating: 5, count: 48) })
    }

    @Test("an enclave without a role gives it to nobody")
    func noRole() throws {
        let exporter = try exporter(Self.production) { $0.pcr3 = Self.zeros }
        try exporter.expect(
            Self.otherRole, try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
        try exporter.expect(Self.otherRole, try update(exporter) { $0.pcr3 = [UInt8](repeating: 4, count: 48) })
    }

    @Test("a rehearsal needs no role, which only hardware gives", arguments: [rehearsal, development])
    func rehearsedRole(policy: EnclavePolicy) throws {
        let exporter = try exporter(policy) { $0.pcr3 = Self.zeros }
        try exporter.expectExport(try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
        try exporter.expectExport(try update(exporter) { $0.pcr3 = [UInt8](repeating: 4, count: 48) })
    }

    @Test("what the members decide is looked at before what hardware shows")
    func order() throws {
        let exporter = try exporter(Self.production)
        var draft = try update(exporter) { ($0.pcr0, $0.pcr3) = (Self.zeros, Self.zeros) }
        try exporter.expect(Self.otherRole, draft)
        var envelope = try ManifestEnvelope.decode(draft.envelope)
        envelope.manifestSetApprovals = []
        draft.envelope = envelope.encoded()
        try exporter.expect(Self.notEnough, draft)
    }
}

extension KnownQuorum {
    fileprivate var hash: [UInt8] {
        get throws { try draft.manifest.hash() }
    }
}
