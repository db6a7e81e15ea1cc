// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import EmulatedAttestation
import Primitives
import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("documents of an enclave")
struct DocumentTests {
    private let module: EmulatedSecurityModule
    private let enclave: TestEnclave

    init() throws {
        module = try EmulatedSecurityModule(
            root: .development, registers: EmulatedRegisters(values: Samples.measurements.registers),
            now: { DocumentDraft.moment })
        enclave = try TestEnclave(module: module)
    }

    /// A document that holds under the development root, now, for this enclave and this nonce.
    private func verified(_ bytes: [UInt8], nonce: [UInt8]?) throws -> AttestationDocument {
        let own = Samples.measurements
        let policy = AttestationPolicy(
            roots: [RootFingerprint(ofCertificate: own.rootCertificate)],
            measurements: [.init(pcr0: own.pcr0, pcr1: own.pcr1, pcr2: own.pcr2, pcr3: own.pcr3)],
            nonce: nonce
        )
        return try AttestationVerifier(policy: policy)
            .verifyHere(bytes, at: .at(milliseconds: DocumentDraft.moment)).document
    }

    private func document(_ nonce: [UInt8]? = [1, 2, 3]) throws -> AttestationDocument {
        let before = enclave.appearance
        let result = try enclave.enclave.attest(AttestationRequest(manifestHash: nil, registers: [], nonce: nonce))
        #expect(enclave.appearance == before)
        return try verified(result.document, nonce: nonce)
    }

    private func liveKey() throws -> [UInt8] {
        try #require(try enclave.enclave.read { $0.holdings.bootKeys?.live.publicKey.bytes })
    }

    /// Expects that both keys are bound to the manifest, and that all registers are told.
    private func expectBound(
        _ document: AttestationDocument, _ hash: [UInt8], _ setupKey: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let zero = [UInt8](repeating: 0, count: 48)
        var expected = DocumentDraft.registers()
        expected[16] = ManifestCommitment.setup.registerValue(manifestHash: hash, ephemeralKey: setupKey)
        expected[17] = ManifestCommitment.live.registerValue(manifestHash: hash, ephemeralKey: try liveKey())
        #expect((0..<32).map { document.registers[$0] } == expected, sourceLocation: sourceLocation)
        #expect(expected[16] != zero && expected[17] != zero, sourceLocation: sourceLocation)
        #expect(document.userData == hash, sourceLocation: sourceLocation)
    }

    @Test("before a boot instruction it names no manifest and no key, and no register of a boot")
    func beforeBoot() throws {
        let document = try document()
        #expect(document.userData == nil)
        #expect(document.publicKey == nil)
        #expect(document.nonce == [1, 2, 3])
        #expect(document.registers.keys.sorted() == Array(0...15))
        #expect(document.timestamp == UInt64(DocumentDraft.moment))
    }

    @Test("after a boot, a genesis or a shared manifest it binds the setup key to the manifest", arguments: 0...2)
    func setup(way: Int) throws {
        let (hash, setupKey): ([UInt8], [UInt8])
        switch way {
        case 0:
            let answer = try HeldGenesis(on: enclave).answer
            (hash, setupKey) = (answer.manifestHash, answer.ephemeralKey)
        case 1:
            let scene = try KnownQuorum().scene(on: enclave)
            (hash, setupKey) = (scene.manifestHash, scene.setupKey.bytes)
        default:
            let result = try enclave.enclave.shareManifest(try KnownQuorum().shareRequest())
            (hash, setupKey) = (result.manifestHash, result.ephemeralKey)
        }
        let document = try document()
        try expectBound(document, hash, setupKey)
        #expect(document.publicKey == setupKey)
        #expect(document.nonce == [1, 2, 3])
    }

    @Test("once the key is there it names the live key, whose commitment was made at the boot")
    func live() throws {
        let scene = try KnownQuorum().scene(on: enclave)
        let before = try document()
        try scene.provision(2)
        let document = try document()
        try expectBound(document, scene.manifestHash, scene.setupKey.bytes)
        #expect(document.publicKey == (try liveKey()))
        #expect(document.publicKey != scene.setupKey.bytes)
        #expect(document.registers == before.registers)
        #expect(try QuorumPublicKey(try liveKey()).encryptionPoint.count == 65)
    }

    @Test("a genesis's is about its output, has its nonce, and was made before anything is bound")
    func genesis() throws {
        var draft = try GenesisDraft()
        draft.nonce = [7, 7, 7, 7]
        let answer = try enclave.enclave.genesisBoot(draft.request)
        let document = try verified(try #require(answer.attestationDocument), nonce: [7, 7, 7, 7])
        #expect(document.userData == SHA256.digest(answer.genesisOutput))
        #expect(document.publicKey == nil)
        #expect(document.registers.keys.sorted() == Array(0...15))
        #expect(try enclave.enclave.genesisAnswer().attestationDocument == answer.attestationDocument)
    }

    @Test("a document without a nonce, or with an empty one, has none", arguments: [nil, []] as [[UInt8]?])
    func noNonce(nonce: [UInt8]?) throws {
        let result = try enclave.enclave.attest(AttestationRequest(manifestHash: nil, registers: [], nonce: nonce))
        #expect(try AttestationDocument(parsing: result.document).nonce == nil)
        var draft = try GenesisDraft()
        draft.nonce = nonce
        let answer = try enclave.enclave.genesisBoot(draft.request)
        #expect(try AttestationDocument(parsing: try #require(answer.attestationDocument)).nonce == nil)
    }

    @Test("the longest nonce is repeated")
    func longNonce() throws {
        let nonce = (0..<512).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try document(nonce).nonce == nonce)
    }
}

@Suite("documents and what happens meanwhile")
struct DocumentRaceTests {
    private let module = RecordingModule()
    private let enclave: TestEnclave
    private let plain = AttestationRequest(manifestHash: nil, registers: [], nonce: nil)

    init() throws {
        enclave = try TestEnclave(module: module)
    }

    @Test("one that was being made when the manifest was replaced is made again, for the new one")
    func replaced() throws {
        let first = try enclave.enclave.shareManifest(try KnownQuorum().shareRequest())
        let other = try KnownQuorum().changed { $0.namespaceNonce = 8 }.shareRequest()
        module.once(before: .attest) { [enclave] in _ = try? enclave.enclave.shareManifest(other) }
        _ = try enclave.enclave.attest(plain)
        let held = try enclave.enclave.heldManifest().manifestHash
        #expect(held != first.manifestHash)
        let setupKey = enclave.appearance.keys[0]
        #expect(
            module.documents == [
                .init(userData: first.manifestHash, nonce: nil, publicKey: first.ephemeralKey),
                .init(userData: held, nonce: nil, publicKey: setupKey),
            ])
    }

    @Test("what was expected is compared with the manifest that it is made for")
    func replacedOther() throws {
        let first = try enclave.enclave.shareManifest(try KnownQuorum().shareRequest())
        let other = try KnownQuorum().changed { $0.namespaceNonce = 8 }.shareRequest()
        module.once(before: .attest) { [enclave] in _ = try? enclave.enclave.shareManifest(other) }
        #expect(throws: EnclaveError(.manifestMismatch, field: "manifest_hash")) {
            try enclave.enclave.attest(
                AttestationRequest(manifestHash: first.manifestHash, registers: [], nonce: nil))
        }
    }

    @Test("while the manifest never stays, none is given out")
    func neverStill() throws {
        let nonces = TestClock(7)
        module.always(before: .attest) { [enclave] in
            nonces.advance(by: 1)
            let request = try? KnownQuorum().changed { $0.namespaceNonce = UInt32(nonces.milliseconds) }.shareRequest()
            _ = try? request.map { try enclave.enclave.shareManifest($0) }
        }
        #expect(throws: EnclaveError(.busy)) { try enclave.enclave.attest(plain) }
        #expect(module.documents.count == 3)
        #expect(Set(module.documents.map(\.userData)).count == 3)
    }
}
