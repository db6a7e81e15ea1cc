// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("documents that ask for the key")
struct ExportDocumentTests {
    private let exporter: Exporter
    private static let stale = EnclaveError(.staleAttestation, field: "attestation_doc.timestamp")
    private static let expired = EnclaveError(.expiredAttestation, field: "attestation_doc.certificate")
    private static let notSetup = EnclaveError(.notASetupDocument, field: "attestation_doc")
    private static let bad = EnclaveError(.badAttestation, field: "attestation_doc")
    private static let outOfRange = EnclaveError(.outOfRange, field: "attestation_doc")

    init() throws {
        exporter = try Exporter()
    }

    // MARK: Form

    @Test("what is no document is refused, of whichever length")
    func garbage() throws {
        let envelope = try ExportDraft(exporter.quorum).envelope
        for (bytes, error) in [
            ([], Self.outOfRange), ([0], Self.bad), (Array("{}".utf8), Self.bad),
            ([UInt8](repeating: 0xFF, count: 16_384), Self.bad),
            ([UInt8](repeating: 0, count: 16_385), Self.outOfRange),
        ] {
            let request = ExportKeyRequest(manifestEnvelope: envelope, document: bytes)
            exporter.enclave.expect(error) { try exporter.enclave.enclave.exportKey(request) }
        }
    }

    @Test("a document that was cut anywhere, or has more behind it, is refused")
    func cut() throws {
        let whole = try ExportDraft(exporter.quorum).request
        let cuts = stride(from: 1, to: whole.document.count, by: 211).map { Array(whole.document.prefix($0)) }
        for bytes in cuts + [whole.document + [0]] {
            let request = ExportKeyRequest(manifestEnvelope: whole.manifestEnvelope, document: bytes)
            exporter.enclave.expect(Self.bad) { try exporter.enclave.enclave.exportKey(request) }
        }
    }

    @Test("no document of which a bit was changed is taken")
    func bitFlips() throws {
        let whole = try ExportDraft(exporter.quorum).request
        for place in stride(from: 0, to: whole.document.count, by: 97) {
            var bytes = whole.document
            bytes[place] ^= 1 << UInt8(place % 8)
            #expect(throws: EnclaveError.self, "byte \(place)") {
                try exporter.enclave.enclave.exportKey(
                    ExportKeyRequest(manifestEnvelope: whole.manifestEnvelope, document: bytes))
            }
        }
    }

    @Test("after a document that holds, what comes with it must be a manifest")
    func noManifest() throws {
        var draft = try ExportDraft(exporter.quorum)
        for text in ["", "{}", "null", "not JSON"] {
            draft.envelope = Array(text.utf8)
            try exporter.expect(EnclaveError(.badManifest, field: "manifest_envelope"), draft)
        }
    }

    @Test("the approvals of share members have no place in it")
    func shareApprovals() throws {
        var draft = try ExportDraft(exporter.quorum)
        let approval = try exporter.quorum.holders[0].approval(of: draft.document.userData ?? [])
        draft.envelope = try exporter.quorum.envelope(shareApprovals: [approval])
        try exporter.expect(EnclaveError(.badManifest, field: "manifest_envelope.shareSetApprovals"), draft)
    }

    @Test("an update that contradicts itself is no manifest")
    func contradictory() throws {
        let draft = try ExportDraft(exporter.quorum.changed { $0.shareSet.threshold = 4 })
        try exporter.expect(
            EnclaveError(.badManifest, field: "manifest_envelope.manifest.shareSet.threshold"), draft)
    }

    @Test("an enclave that a private root attests trusts no document under the public one")
    func privateRoot() throws {
        let other = try Exporter(quorum: try KnownQuorum().changed { $0.enclave.awsRootCertificate = [1, 2, 3] })
        try other.expect(
            EnclaveError(.untrustedAttestation, field: "attestation_doc"), try ExportDraft(other.quorum))
    }

    // MARK: Time

    @Test(
        "without a nonce it is at most five minutes old, or ahead by a minute",
        arguments: [
            (-60_001, false), (-60_000, true), (0, true), (300_000, true), (300_001, false),
        ] as [(Int64, Bool)])
    func age(milliseconds: Int64, isRecent: Bool) throws {
        exporter.module.clock.advance(by: milliseconds)
        let draft = try ExportDraft(exporter.quorum)
        if isRecent { try exporter.expectExport(draft) } else { try exporter.expect(Self.stale, draft) }
    }

    @Test("with a challenge no clock counts but that of the challenge, as long as its certificates are good")
    func challenged() throws {
        for milliseconds in [-300_000, DocumentDraft.lifetime, DocumentDraft.lifetime + 299_000] {
            exporter.module.clock.set(DocumentDraft.moment + milliseconds)
            try exporter.expectExport(try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
        }
        for milliseconds in [-310_000, DocumentDraft.lifetime + 301_000] {
            exporter.module.clock.set(DocumentDraft.moment + milliseconds)
            try exporter.expect(Self.expired, try ExportDraft(exporter.quorum, nonce: try exporter.challenge()))
        }
    }

    @Test(
        "its certificates were good when it was made",
        arguments: [1, DocumentDraft.moment - 10_000, DocumentDraft.moment + DocumentDraft.lifetime + 1000, .max])
    func madeAtAnotherTime(timestamp: Int64) throws {
        var draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        draft.document.timestamp = timestamp
        try exporter.expect(Self.expired, draft)
    }

    // MARK: Kind

    @Test("those of an enclave that was not told to boot, or that is born with a genesis, are refused")
    func beforeBoot() throws {
        let output = [UInt8](repeating: 3, count: 32)
        let key = try Member("receiver").key.publicKey.bytes
        for (userData, publicKey) in [(nil, nil), (output, nil), (nil, key)] as [([UInt8]?, [UInt8]?)] {
            for count in [16, 32] {
                var draft = try ExportDraft(exporter.quorum)
                draft.document.userData = userData
                draft.document.publicKey = publicKey
                draft.document.registers = Array(draft.document.registers.prefix(count))
                try exporter.expect(Self.notSetup, draft)
            }
        }
    }

    @Test("one without all registers is refused, although it names a key and a manifest", arguments: [16, 17, 18, 31])
    func registers(count: Int) throws {
        var draft = try ExportDraft(exporter.quorum)
        draft.document.registers = Array(draft.document.registers.prefix(count))
        try exporter.expect(Self.notSetup, draft)
    }

    @Test("a manifest's hash has 32 bytes", arguments: [0, 1, 31, 33, 64])
    func hashLength(count: Int) throws {
        var draft = try ExportDraft(exporter.quorum)
        draft.document.userData = [UInt8](repeating: 1, count: count)
        try exporter.expect(Self.notSetup, draft)
    }

    @Test("that of an enclave which has the key is refused, for it names the live key")
    func live() throws {
        let module = RecordingModule(signing: true)
        let scene = try exporter.quorum.scene(on: try TestEnclave(module: module))
        try scene.provision(2)
        let live = try scene.enclave.enclave.attest(.init(manifestHash: nil, registers: [], nonce: nil))
        let request = ExportKeyRequest(
            manifestEnvelope: try ExportDraft(exporter.quorum).envelope, document: live.document)
        exporter.enclave.expect(Self.notSetup) { try exporter.enclave.enclave.exportKey(request) }
        // Its own, too.
        let own = try exporter.enclave.enclave.attest(.init(manifestHash: nil, registers: [], nonce: nil))
        exporter.enclave.expect(Self.notSetup) {
            try exporter.enclave.enclave.exportKey(
                ExportKeyRequest(manifestEnvelope: request.manifestEnvelope, document: own.document))
        }
    }

    @Test("a key that is committed to in another register only is none", arguments: [4, 15, 17, 18, 31])
    func otherRegister(index: Int) throws {
        var draft = try ExportDraft(exporter.quorum)
        draft.document.registers.swapAt(16, index)
        try exporter.expect(EnclaveError(.notASetupDocument, field: "attestation_doc.pcrs[16]"), draft)
    }

    @Test("the attested key is two different points on the curve")
    func attestedKey() throws {
        let key = try Member("receiver").key.publicKey
        var offCurve = key.bytes
        offCurve[129] ^= 1
        let keys = [
            key.signingPoint + key.signingPoint, key.encryptionPoint, Array(key.bytes.dropLast()), key.bytes + [0],
            offCurve, [4], [UInt8](repeating: 0, count: 130),
        ]
        for bytes in keys {
            var draft = try ExportDraft(exporter.quorum)
            draft.document.bind(draft.document.userData ?? [], to: bytes)
            try exporter.expect(EnclaveError(.badAttestation, field: "attestation_doc.public_key"), draft)
        }
    }
}
