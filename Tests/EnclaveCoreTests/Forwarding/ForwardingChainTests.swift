// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("a key that goes from enclave to enclave")
struct ForwardingChainTests {
    /// One enclave gives the key to another, as an operator lets them.
    ///
    /// - Parameters:
    ///   - envelope: of the new enclave's manifest.
    ///   - challenged: whether its document answers a challenge.
    private func forward(
        from old: TestEnclave, to new: TestEnclave, _ envelope: [UInt8], challenged: Bool = true
    ) throws {
        let shared = try new.enclave.shareManifest(.init(manifestEnvelope: envelope, commitments: nil))
        let nonce = challenged ? try old.enclave.exportChallenge().nonce : nil
        let attested = try new.enclave.attest(
            AttestationRequest(manifestHash: shared.manifestHash, registers: [], nonce: nonce))
        let before = old.appearance
        let exported = try old.enclave.exportKey(
            ExportKeyRequest(
                manifestEnvelope: try new.enclave.heldManifest().manifestEnvelope, document: attested.document))
        #expect(old.appearance == before)
        let injected = try new.enclave.injectKey(
            InjectKeyRequest(ciphertext: exported.ciphertext, signature: exported.signature))
        #expect(injected.phase == .applicationReady)
        #expect(old.arena.slotsLent == 0 && new.arena.slotsLent == 0)
    }

    /// Expects that all hold the same key for the same namespace.
    private func expectSameKey(_ enclaves: [TestEnclave], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let first = try #require(enclaves.first)
        let seeds = try [("wallet", "account 0"), ("other", "")].map { try first.derived($0, $1) }
        for enclave in enclaves {
            let quorum = try #require(enclave.enclave.info().quorum)
            #expect(quorum.keyCheck == first.enclave.info().quorum?.keyCheck, sourceLocation: sourceLocation)
            #expect(quorum.publicKey == first.enclave.info().quorum?.publicKey, sourceLocation: sourceLocation)
            #expect(
                try [("wallet", "account 0"), ("other", "")].map { try enclave.derived($0, $1) } == seeds,
                sourceLocation: sourceLocation)
        }
        let keys = enclaves.map { $0.appearance.keys }
        #expect(keys.allSatisfy { $0[0] == nil && $0[1] != nil }, sourceLocation: sourceLocation)
        #expect(Set(keys.map { $0[1] }).count == enclaves.count, sourceLocation: sourceLocation)
    }

    /// An enclave with an emulated module of its own, measured like this.
    private func emulated(_ number: UInt8) throws -> TestEnclave {
        let registers = Samples.measurements.registers.map { $0.map { $0 &+ number } }
        let module = try EmulatedSecurityModule(
            root: .development, registers: EmulatedRegisters(values: registers), now: { DocumentDraft.moment })
        return try TestEnclave(module: module, applicationHash: [UInt8](repeating: number, count: 32))
    }

    @Test("from its birth through two updates, each to other code, it is the same key")
    func updates() throws {
        let enclaves = try (1...3 as ClosedRange<UInt8>).map { try emulated($0) }
        let genesis = try HeldGenesis(on: enclaves[0])
        try genesis.scene.provision(2)
        let approvers = try Member.all("approver", 2)
        for (old, new) in zip(enclaves, enclaves.dropFirst()) {
            let held = try ManifestEnvelope.decode(try old.enclave.heldManifest().manifestEnvelope).manifest
            let next = try held.successor(for: new.enclave.identity)
            let envelope = ManifestEnvelope(
                manifest: next,
                manifestSetApprovals: try approvers.map { try $0.approval(of: next.hash()) })
            try forward(from: old, to: new, envelope.encoded())
            #expect(new.enclave.info().quorum?.manifestHash == next.hash())
        }
        try expectSameKey(enclaves)
        #expect(enclaves.map { $0.enclave.info().quorum?.namespace.nonce } == [7, 8, 9])
        // The first has not changed: it still serves, and gives the key to its own kind.
        let fresh = try emulated(1)
        try forward(from: enclaves[0], to: fresh, genesis.answer.manifestEnvelope)
        try expectSameKey(enclaves + [fresh])
        // And the last does not give it back.
        let back = try emulated(1)
        _ = try back.enclave.shareManifest(
            .init(manifestEnvelope: genesis.answer.manifestEnvelope, commitments: nil))
        let document = try back.enclave.attest(.init(manifestHash: nil, registers: [], nonce: nil)).document
        enclaves[2].expect(
            EnclaveError(.lowerNonce, field: "manifest_envelope.manifest.namespace.nonce")
        ) {
            try enclaves[2].enclave.exportKey(
                .init(manifestEnvelope: genesis.answer.manifestEnvelope, document: document))
        }
    }

    private static let policies = [EnclavePolicy.development, EnclavePolicy.development.rehearsingProduction]

    private func fresh(_ policy: EnclavePolicy) throws -> TestEnclave {
        try TestEnclave(policy, module: RecordingModule(signing: true))
    }

    /// What a provisioned enclave derives is told under no rules but those of development.
    private func expectSameCheck(_ enclaves: [TestEnclave]) throws {
        let checks = Set(enclaves.map { $0.enclave.info().quorum?.keyCheck })
        #expect(checks == [try Samples.hex("1e99dec1c8ec2778")])
        #expect(Set(enclaves.map { $0.appearance.keys[1] }).count == enclaves.count)
        if enclaves[0].enclave.identity.policy.rules == .development { try expectSameKey(enclaves) }
    }

    @Test("ten get it one from the other", arguments: policies)
    func chain(policy: EnclavePolicy) throws {
        let exporter = try Exporter(policy)
        let envelope = try exporter.enclave.enclave.heldManifest().manifestEnvelope
        var enclaves = [exporter.enclave]
        for _ in 0..<10 {
            let new = try fresh(policy)
            try forward(from: try #require(enclaves.last), to: new, envelope)
            enclaves.append(new)
        }
        try expectSameCheck(enclaves)
    }

    @Test("ten get it from the same", arguments: policies)
    func star(policy: EnclavePolicy) throws {
        let exporter = try Exporter(policy)
        let envelope = try exporter.enclave.enclave.heldManifest().manifestEnvelope
        let enclaves = try (0..<10).map { number in
            let new = try fresh(policy)
            let challenged = policy.rules.requiresChallenge || number % 2 == 0
            try forward(from: exporter.enclave, to: new, envelope, challenged: challenged)
            return new
        }
        try expectSameCheck([exporter.enclave] + enclaves)
    }

    @Test("two exports for one enclave are two ciphertexts, of which either gives the key, and only once")
    func twoExports() throws {
        let exporter = try Exporter()
        let waiting = try WaitingEnclave(try fresh(.development))
        let document = try waiting.enclave.enclave.attest(.init(manifestHash: nil, registers: [], nonce: nil)).document
        let request = ExportKeyRequest(
            manifestEnvelope: try waiting.quorum.envelope(), document: document)
        let exports = try (0..<2).map { _ in try exporter.enclave.enclave.exportKey(request) }
        #expect(exports[0].ciphertext != exports[1].ciphertext)
        try waiting.expectReady(.init(ciphertext: exports[1].ciphertext, signature: exports[1].signature))
        waiting.enclave.expect(EnclaveError(wrongState: .applicationReady, allowed: [.waitingForForwardedKey])) {
            try waiting.enclave.enclave.injectKey(
                .init(ciphertext: exports[0].ciphertext, signature: exports[0].signature))
        }
    }
}

extension Manifest {
    /// The same with the next nonce, for an enclave of other code.
    fileprivate func successor(for identity: EnclaveIdentity) throws -> Manifest {
        let own = identity.measurements
        var namespace = namespace
        namespace.nonce += 1
        return try Manifest(
            version: version,
            namespace: namespace,
            pivot: Pivot(hash: identity.applicationHash, restart: .never),
            manifestSet: manifestSet,
            shareSet: shareSet,
            enclave: NitroConfig(
                pcr0: own.pcr0, pcr1: own.pcr1, pcr2: own.pcr2, pcr3: own.pcr3,
                awsRootCertificate: own.rootCertificate, qosCommit: "an update")
        )
    }
}
