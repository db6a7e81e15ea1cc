// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

/// Everything that can be wrong with what an enclave is asked for the key with, in the order in which it is looked at.
@Suite("what keeps the key from leaving")
struct ExportRefusalTests {
    struct Flaw: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: EnclaveError
        var manifest: @Sendable (inout ManifestDraft) throws -> Void = { _ in }
        var request: @Sendable (inout ExportDraft, Exporter) throws -> Void = { _, _ in }

        init(_ name: String, _ reason: EnclaveError.Reason, _ field: StaticString) {
            testDescription = name
            error = EnclaveError(reason, field: field)
        }

        func inManifest(_ change: @escaping @Sendable (inout ManifestDraft) throws -> Void) -> Flaw {
            var flaw = self
            flaw.manifest = change
            return flaw
        }

        func inRequest(_ change: @escaping @Sendable (inout ExportDraft, Exporter) throws -> Void) -> Flaw {
            var flaw = self
            flaw.request = change
            return flaw
        }
    }

    private static let document: StaticString = "attestation_doc"
    private static let nonce: StaticString = "attestation_doc.nonce"
    private static let certificate: StaticString = "attestation_doc.certificate"

    private static let ofTrust: [Flaw] = [
        Flaw("what is no document", .badAttestation, document).inRequest { draft, _ in
            draft.damages.append { Array($0.dropFirst(4)) }
        },
        Flaw("a document whose signature was changed", .badAttestation, document).inRequest { draft, _ in
            draft.damages.append { $0.dropLast() + [($0.last ?? 0) ^ 1] }
        },
        Flaw("a document under a root that is not trusted", .untrustedAttestation, document).inRequest { draft, _ in
            draft.document.signer = SharedSigner.otherRoot
        },
        Flaw("a document made when its certificates were over", .expiredAttestation, certificate)
            .inRequest { draft, _ in
                draft.document.timestamp = DocumentDraft.moment + DocumentDraft.lifetime + 1000
            },
    ]

    private static let ofFreshness: [Flaw] = [
        Flaw("a nonce that is no challenge", .badNonce, nonce).inRequest { draft, _ in
            draft.document.nonce = [UInt8](repeating: 1, count: 32)
        },
        Flaw("an old document without a nonce", .staleAttestation, "attestation_doc.timestamp")
            .inRequest { draft, exporter in
                exporter.module.clock.set(DocumentDraft.moment + 300_001)
                draft.document.nonce = nil
            },
        Flaw("certificates that are over by now, although the nonce is fresh", .expiredAttestation, certificate)
            .inRequest { draft, exporter in
                exporter.module.clock.set(DocumentDraft.moment + DocumentDraft.lifetime + 301_000)
                draft.document.nonce = try exporter.challenge()
            },
    ]

    private static let ofBinding: [Flaw] = [
        Flaw("a document without a manifest", .notASetupDocument, document).inRequest { draft, _ in
            draft.document.userData = nil
        },
        Flaw("another manifest than the document's", .manifestMismatch, "manifest_envelope").inRequest {
            draft, exporter in
            draft.envelope = try exporter.quorum.changed { $0.namespaceNonce = 99 }.envelope()
        },
        Flaw("another pcr0", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr0").inRequest { draft, _ in
            draft.document.registers[0][0] ^= 1
        },
        Flaw("another pcr1", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr1").inRequest { draft, _ in
            draft.document.registers[1][47] ^= 1
        },
        Flaw("another pcr2", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr2").inRequest { draft, _ in
            draft.document.registers[2] = draft.document.registers[1]
        },
        Flaw("another pcr3", .measurementMismatch, "manifest_envelope.manifest.enclave.pcr3").inRequest { draft, _ in
            draft.document.registers[3] = [UInt8](repeating: 0, count: 48)
        },
        Flaw(
            "a manifest for another root", .measurementMismatch,
            "manifest_envelope.manifest.enclave.awsRootCertificate"
        ).inManifest { $0.enclave.awsRootCertificate = [1, 2, 4] },
        Flaw("a commitment to another key", .notASetupDocument, "attestation_doc.pcrs[16]").inRequest { draft, _ in
            draft.document.registers[16] = ManifestCommitment.setup.registerValue(
                manifestHash: draft.document.userData ?? [], ephemeralKey: try Member("other").key.publicKey.bytes)
        },
        Flaw("a key of one point twice", .badAttestation, "attestation_doc.public_key").inRequest { draft, _ in
            let point = draft.receiver.key.publicKey.encryptionPoint
            draft.document.bind(draft.document.userData ?? [], to: point + point)
        },
    ]

    private static let ofManifest: [Flaw] = [
        Flaw("an update for another quorum key", .otherQuorumKey, "manifest_envelope.manifest.namespace.quorumKey")
            .inManifest { $0.quorumKey = try Member("another quorum").key.publicKey.bytes },
        Flaw("an update of another namespace", .otherNamespace, "manifest_envelope.manifest.namespace.name")
            .inManifest { $0.namespaceName = "namespacf" },
        Flaw("an update with other approvers", .otherManifestSet, "manifest_envelope.manifest.manifestSet")
            .inManifest { $0.manifestSet.threshold = 1 },
        Flaw("an update with other share members", .shareSetChanged, "manifest_envelope.manifest.shareSet")
            .inManifest { $0.shareSet.threshold = 3 },
        Flaw("an older manifest", .lowerNonce, "manifest_envelope.manifest.namespace.nonce")
            .inManifest { $0.namespaceNonce = 6 },
        Flaw("an update that nobody approved", .notEnoughApprovals, "manifest_envelope.manifestSetApprovals")
            .inManifest { if $0.namespaceNonce == 7 { $0.namespaceNonce = 8 } }
            .inRequest { draft, _ in
                var envelope = try ManifestEnvelope.decode(draft.envelope)
                envelope.manifestSetApprovals = []
                draft.envelope = envelope.encoded()
            },
    ]

    private static let flaws = ofTrust + ofFreshness + ofBinding + ofManifest

    /// A request with all of these flaws; of two that exclude each other, with the first.
    private func draft(_ flaws: ArraySlice<Flaw>, _ exporter: Exporter) throws -> ExportDraft {
        let quorum = try exporter.quorum.changed { manifest in
            for flaw in flaws.reversed() { try flaw.manifest(&manifest) }
        }
        var draft = try ExportDraft(quorum)
        for flaw in flaws.reversed() { try flaw.request(&draft, exporter) }
        return draft
    }

    @Test("each is told for what it is, and changes nothing", arguments: flaws.indices)
    func alone(index: Int) throws {
        let exporter = try Exporter()
        try exporter.expect(Self.flaws[index].error, try draft(Self.flaws[index...index], exporter))
        // It is no obstacle to one that is right.
        exporter.module.clock.set(DocumentDraft.moment)
        try exporter.expectExport(try ExportDraft(exporter.quorum))
    }

    @Test("of all that is wrong with one, the first is told", arguments: flaws.indices)
    func first(index: Int) throws {
        let exporter = try Exporter()
        try exporter.expect(Self.flaws[index].error, try draft(Self.flaws[index...], exporter))
    }

    @Test("none of them is told by an enclave that has no key", arguments: [false, true])
    func noKey(shared: Bool) throws {
        let module = RecordingModule(signing: true)
        let enclave = try TestEnclave(module: module)
        let quorum = try KnownQuorum()
        if shared { _ = try enclave.enclave.shareManifest(try quorum.shareRequest()) }
        let request = try ExportDraft(quorum).request
        let state: Phase = shared ? .waitingForForwardedKey : .waitingForBootInstruction
        enclave.expect(EnclaveError(wrongState: state, allowed: [.applicationReady])) {
            try enclave.enclave.exportKey(request)
        }
    }
}
