// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// An enclave that has the known key, and is asked for it.
struct Exporter: Sendable {
    let quorum: KnownQuorum
    let module: RecordingModule
    let enclave: TestEnclave

    /// - Parameters:
    ///   - quorum: whose manifest the enclave holds, approved by two; the enclave is what that says.
    init(
        _ policy: EnclavePolicy = .development, quorum: KnownQuorum? = nil, entropy: EntropySource = EntropySource()
    ) throws {
        let quorum = try quorum ?? KnownQuorum()
        self.quorum = quorum
        let measured = quorum.draft.enclave
        module = RecordingModule(measured.registers, root: measured.awsRootCertificate, signing: true)
        enclave = try TestEnclave(policy, module: module, entropy: entropy)
        let scene = try quorum.scene(on: enclave, approvals: 2, commitments: try quorum.commitments())
        let threshold = quorum.draft.shareSet.threshold
        try scene.expectReady(try (0..<Int(threshold)).map { try scene.approved($0) }, of: threshold)
    }

    func export(_ draft: ExportDraft) throws -> ExportedKey {
        try enclave.enclave.exportKey(try draft.request)
    }

    /// A challenge of this enclave.
    func challenge() throws -> [UInt8] {
        try enclave.enclave.exportChallenge().nonce
    }

    /// Expects that the key is sealed to the receiver, and signed.
    func expectExport(_ draft: ExportDraft, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = enclave.appearance
        let exported = try export(draft)
        #expect(exported.ciphertext.count == 129, sourceLocation: sourceLocation)
        let opened = try draft.receiver.open(exported.ciphertext)
        #expect(opened == (try Samples.hex(KnownQuorum.seedText)), sourceLocation: sourceLocation)
        try quorum.key.publicKey.verify(exported.signature, of: exported.ciphertext)
        #expect(enclave.appearance == before, sourceLocation: sourceLocation)
        #expect(enclave.arena.slotsLent == 0, sourceLocation: sourceLocation)
    }

    /// Expects a refusal, after which nothing has changed and a challenge is as open as before.
    func expect(
        _ error: EnclaveError, _ draft: ExportDraft, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let request = try draft.request
        let wasOpen = draft.document.nonce.map { enclave.enclave.challenges.isOpen($0) }
        enclave.expect(error, comment, sourceLocation: sourceLocation) {
            try enclave.enclave.exportKey(request)
        }
        let isOpen = draft.document.nonce.map { enclave.enclave.challenges.isOpen($0) }
        #expect(isOpen == wasOpen, comment, sourceLocation: sourceLocation)
    }
}

/// What an enclave is asked for the key with: all of it right, unless a test changes it.
struct ExportDraft: Sendable {
    /// Has the key that the document names.
    let receiver: Member
    var document: DocumentDraft
    /// What was made of the document on its way.
    var damages: [@Sendable ([UInt8]) -> [UInt8]] = []
    var envelope: [UInt8]

    /// For an enclave that holds the manifest of a quorum and was measured as that says.
    ///
    /// - Parameter approvals: that come with the manifest; of the first two members where none are given.
    init(_ quorum: KnownQuorum, approvals: [Approval]? = nil, nonce: [UInt8]? = nil) throws {
        receiver = try Member("receiver")
        let manifest = try quorum.draft.manifest
        document = DocumentDraft(registers: DocumentDraft.registers(manifest.enclave.registers), nonce: nonce)
        document.bind(manifest.hash(), to: receiver.key.publicKey.bytes)
        envelope = try quorum.envelope(approvals: try approvals ?? quorum.approvals(2))
    }

    var request: ExportKeyRequest {
        get throws {
            let document = damages.reduce(try document.signed()) { document, damage in damage(document) }
            return ExportKeyRequest(manifestEnvelope: envelope, document: document)
        }
    }
}
