// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("key forwarding over a connection")
struct ForwardingConnectionTests {
    private struct OtherReply: Error {
        let reply: Reply
    }

    private let exporter: Exporter
    private let old: Peer
    private let module = RecordingModule(signing: true)
    private let fresh: TestEnclave
    private let new: Peer

    init() throws {
        exporter = try Exporter()
        old = try Peer.greeted(exporter.enclave)
        fresh = try TestEnclave(module: module)
        new = try Peer.greeted(fresh)
    }

    private func share() throws -> ShareManifestResult {
        let reply = try new.call(.shareManifest(try exporter.quorum.shareRequest(approvals: 2))).reply
        guard case .manifestShared(let result) = reply else { throw OtherReply(reply: reply) }
        return result
    }

    private func challenge() throws -> ExportChallenge {
        let reply = try old.call(.exportChallenge).reply
        guard case .challenge(let challenge) = reply else { throw OtherReply(reply: reply) }
        return challenge
    }

    private func attest(_ hash: [UInt8]?, nonce: [UInt8]?) throws -> [UInt8] {
        let request = AttestationRequest(manifestHash: hash, registers: [[], [], [], []], nonce: nonce)
        let reply = try new.call(.generateAttestation(request)).reply
        guard case .attestation(let result) = reply else { throw OtherReply(reply: reply) }
        return result.document
    }

    private func export(_ document: [UInt8]) throws -> Reply {
        try old.call(
            .exportKey(.init(manifestEnvelope: try exporter.quorum.envelope(), document: document))
        ).reply
    }

    /// The key on its way, for an enclave that was given the manifest.
    private func exported() throws -> ExportedKey {
        let hash = try share().manifestHash
        let reply = try export(try attest(hash, nonce: try challenge().nonce))
        guard case .exportedKey(let key) = reply else { throw OtherReply(reply: reply) }
        return key
    }

    @Test("all steps are answered, and the key is then the same at both ends")
    func forwarded() throws {
        let key = try exported()
        #expect(
            try new.call(.injectKey(.init(ciphertext: key.ciphertext, signature: key.signature))).reply
                == .keyInjected(.init(phase: .applicationReady)))
        let (one, two) = (exporter.enclave.enclave.info().quorum, fresh.enclave.info().quorum)
        #expect(one?.keyCheck == two?.keyCheck)
        #expect(one?.keyCheck?.count == 8)
        #expect(try exporter.enclave.derived() == fresh.derived())
    }

    @Test("what is refused is answered with its reason and field, and the connection goes on")
    func refused() throws {
        let before = exporter.enclave.appearance
        #expect(
            try export([1, 2, 3]) == .refused(EnclaveError(.badAttestation, field: "attestation_doc")))
        #expect(
            try export([]) == .refused(EnclaveError(.outOfRange, field: "attestation_doc")))
        #expect(
            try export(try attest(nil, nonce: nil))
                == .refused(EnclaveError(.notASetupDocument, field: "attestation_doc")))
        #expect(
            try new.call(.injectKey(.init(ciphertext: [1], signature: [1]))).reply
                == .refused(EnclaveError(wrongState: .waitingForBootInstruction, allowed: [.waitingForForwardedKey])))
        let hash = try share().manifestHash
        #expect(
            try new.call(.injectKey(.init(ciphertext: [1], signature: [1]))).reply
                == .refused(EnclaveError(.badSignature, field: "signature")))
        #expect(
            try export(try attest(hash, nonce: [9]))
                == .refused(EnclaveError(.badNonce, field: "attestation_doc.nonce")))
        let wrong = AttestationRequest(manifestHash: [UInt8](repeating: 1, count: 32), registers: [], nonce: nil)
        #expect(
            try new.call(.generateAttestation(wrong)).reply
                == .refused(EnclaveError(.manifestMismatch, field: "manifest_hash")))
        #expect(
            try new.call(.shareManifest(.init(manifestEnvelope: [0x7B], commitments: nil))).reply
                == .refused(EnclaveError(.badManifest, field: "manifest_envelope")))
        #expect(exporter.enclave.appearance == before)
        #expect(!old.log.contains { $0.hasPrefix("critical") })
        #expect(!new.log.contains { $0.hasPrefix("critical") })
        let key = try #require(try? export(try attest(hash, nonce: try challenge().nonce)))
        guard case .exportedKey = key else { throw OtherReply(reply: key) }
    }

    @Test(
        "a request that comes too late does nothing",
        arguments: [
            OperationKind.shareManifest, .generateAttestation, .exportKey,
        ])
    func late(kind: OperationKind) throws {
        let head = RequestHead(identifier: 1, deadlineMilliseconds: 0, requestIdentifier: "late")
        let draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        let operation: Operation =
            switch kind {
            case .shareManifest: .shareManifest(try exporter.quorum.shareRequest())
            case .generateAttestation: .generateAttestation(.init(manifestHash: nil, registers: [], nonce: nil))
            default: .exportKey(try draft.request)
            }
        let peer = kind == .exportKey ? old : new
        try peer.send(Peer.frame(try Message.request(head, operation).encoded()))
        #expect(try peer.next() == peer.refusal(1, .deadlineExceeded))
        #expect(fresh.phase == .waitingForBootInstruction)
        #expect(module.documents.isEmpty)
        #expect(exporter.enclave.enclave.challenges.isOpen(try #require(draft.document.nonce)))
    }

    @Test("a module that fails stands out in the log from what callers are refused")
    func moduleFailure() throws {
        module.fail(.attest, with: .failed)
        #expect(
            try new.call(.generateAttestation(.init(manifestHash: nil, registers: [], nonce: nil))).reply
                == .refused(EnclaveError(.internalFailure)))
        #expect(new.log.filter { $0.hasPrefix("critical refused") }.count == 1)
    }

    @Test("the log tells what was done, and neither it nor an answer has the key in it")
    func secrets() throws {
        let key = try exported()
        _ = try new.call(.injectKey(.init(ciphertext: key.ciphertext, signature: key.signature)))
        let log = (old.log + new.log).joined(separator: "\n")
        for told in [
            "a manifest was taken on, and the key is awaited", "the quorum key was sealed to an attested enclave",
            "the quorum key was taken from another enclave", "ApplicationReady",
        ] {
            #expect(log.contains(told), "\(told)")
        }
        let seed = try Samples.hex(KnownQuorum.seedText)
        let answers = try [
            Reply.exportedKey(key), .info(fresh.enclave.info()), .manifest(fresh.enclave.heldManifest()),
        ]
        .map { try Message.reply(identifier: 1, $0).encoded() }
        for start in 0...(seed.count - 8) {
            let part = Array(seed[start..<(start + 8)])
            #expect(!log.contains(Hex.encode(part)))
            #expect(!log.contains(part.map { "\($0)" }.joined(separator: ", ")))
            for answer in answers { #expect(answer.firstRange(of: part) == nil) }
        }
    }
}
