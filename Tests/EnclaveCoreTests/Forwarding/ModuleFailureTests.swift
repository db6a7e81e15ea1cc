// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("a security module that fails")
struct ModuleFailureTests {
    private static let failures: [SecurityModuleError] = [
        .absent, .unfit, .refused(.readOnlyIndex), .refused(.internalError), .registerInUse(16), .failed,
    ]

    private static let failed = EnclaveError(.internalFailure)

    private let module = RecordingModule(signing: true)
    private let enclave: TestEnclave

    init() throws {
        enclave = try TestEnclave(module: module)
    }

    /// Every way to boot.
    enum Boot: CaseIterable, Sendable {
        case genesis
        case standard
        case sharedManifest

        func run(_ enclave: TestEnclave, _ quorum: KnownQuorum) throws {
            switch self {
            case .genesis: _ = try enclave.enclave.genesisBoot(try GenesisDraft().request)
            case .standard: _ = try enclave.enclave.bootStandard(try quorum.boot())
            case .sharedManifest: _ = try enclave.enclave.shareManifest(try quorum.shareRequest())
            }
        }
    }

    @Test("registers that cannot be committed to leave the enclave unbooted", arguments: Boot.allCases, failures)
    func commit(boot: Boot, failure: SecurityModuleError) throws {
        let quorum = try KnownQuorum()
        module.fail(.commit, with: failure)
        enclave.expect(Self.failed) { try boot.run(enclave, quorum) }
        #expect(enclave.phase == .waitingForBootInstruction)
        module.fail(.commit, with: nil)
        try boot.run(enclave, quorum)
        #expect(module.commits.count == 1)
    }

    @Test(
        "registers that cannot be committed to anew leave the manifest that is held, with its keys",
        arguments: [
            Boot.standard, .sharedManifest,
        ])
    func replacement(boot: Boot) throws {
        let quorum = try KnownQuorum()
        try boot.run(enclave, quorum)
        let other = try quorum.changed { $0.namespaceNonce = 8 }
        module.fail(.commit, with: .registerInUse(16))
        enclave.expect(Self.failed) { try boot.run(enclave, other) }
        // More approvals for the same one need no register.
        try boot.run(enclave, quorum)
        module.fail(.commit, with: nil)
        try boot.run(enclave, other)
        #expect(module.commits.count == 2)
    }

    @Test("without a document there is no genesis, and nothing is bound", arguments: failures)
    func genesisDocument(failure: SecurityModuleError) throws {
        module.fail(.attest, with: failure)
        enclave.expect(Self.failed) { try enclave.enclave.genesisBoot(try GenesisDraft().request) }
        #expect(module.commits.isEmpty)
        module.fail(.attest, with: nil)
        _ = try HeldGenesis(on: enclave)
    }

    @Test("a document that the module refuses is not answered", arguments: failures)
    func document(failure: SecurityModuleError) throws {
        _ = try KnownQuorum().scene(on: enclave)
        module.fail(.attest, with: failure)
        enclave.expect(Self.failed) {
            try enclave.enclave.attest(.init(manifestHash: nil, registers: [], nonce: nil))
        }
    }

    @Test("a clock that fails lets no key leave, and leaves the challenge open", arguments: failures)
    func clock(failure: SecurityModuleError) throws {
        let exporter = try Exporter()
        let draft = try ExportDraft(exporter.quorum, nonce: try exporter.challenge())
        exporter.module.fail(.milliseconds, with: failure)
        try exporter.expect(Self.failed, draft)
        exporter.module.fail(.milliseconds, with: nil)
        try exporter.expectExport(draft)
    }

    @Test("a key is taken in whatever the module does")
    func injection() throws {
        let waiting = try WaitingEnclave(enclave)
        for call in RecordingModule.Call.allCases { module.fail(call, with: .failed) }
        try waiting.expectReady()
    }

    @Test("shares are taken in whatever the module does")
    func shares() throws {
        let scene = try KnownQuorum().scene(on: enclave)
        for call in RecordingModule.Call.allCases { module.fail(call, with: .failed) }
        try scene.provision(2)
    }
}

@Suite("what is written to the registers")
struct RegisterTests {
    private let module = RecordingModule()
    private let enclave: TestEnclave

    init() throws {
        enclave = try TestEnclave(module: module)
    }

    /// What the present manifest and keys are bound by: PCR16 first.
    private func expected() throws -> [RecordingModule.Extension] {
        let hash = try enclave.enclave.heldManifest().manifestHash
        let keys = try enclave.appearance.keys.map { try #require($0) }
        return [
            .init(
                register: 16,
                data: ManifestCommitment.setup.commitment(manifestHash: hash, ephemeralKey: keys[0])),
            .init(
                register: 17,
                data: ManifestCommitment.live.commitment(manifestHash: hash, ephemeralKey: keys[1])),
        ]
    }

    @Test(
        "each boot instruction commits once: to the setup key, then to the live key",
        arguments: ModuleFailureTests.Boot.allCases)
    func once(boot: ModuleFailureTests.Boot) throws {
        try boot.run(enclave, try KnownQuorum())
        #expect(module.commits == [try expected()])
        #expect(Set(module.commits.joined().map(\.data)).count == 2)
        #expect(module.commits.joined().allSatisfy { $0.data.count == 48 })
    }

    @Test(
        "a replacement commits anew, and a repetition does not",
        arguments: [
            ModuleFailureTests.Boot.standard, .sharedManifest,
        ])
    func replacement(boot: ModuleFailureTests.Boot) throws {
        let quorum = try KnownQuorum()
        try boot.run(enclave, quorum)
        let first = try expected()
        try boot.run(enclave, quorum)
        #expect(module.commits == [first])
        try boot.run(enclave, try quorum.changed { $0.namespaceNonce = 8 })
        #expect(module.commits == [first, try expected()])
    }

    @Test("what is refused commits to nothing", arguments: ModuleFailureTests.Boot.allCases)
    func refused(boot: ModuleFailureTests.Boot) throws {
        let quorum = try KnownQuorum().changed { $0.pivot.hash = [UInt8](repeating: 1, count: 32) }
        if boot == .genesis {
            var draft = try GenesisDraft()
            draft.shareThreshold = 9
            enclave.expect(EnclaveError(.outOfRange, field: "share_threshold")) {
                try enclave.enclave.genesisBoot(draft.request)
            }
        } else {
            enclave.expect(EnclaveError(.pivotMismatch, field: "manifest_envelope.manifest.pivot.hash")) {
                try boot.run(enclave, quorum)
            }
        }
        // Nor does what the state refuses.
        try WaitingEnclave(enclave).expectReady()
        #expect(throws: EnclaveError.self) { try boot.run(enclave, try KnownQuorum()) }
        #expect(module.commits.count == 1)
    }

    @Test("a provisioning commits to nothing, whether by shares or by a forwarded key", arguments: [true, false])
    func provisioning(byShares: Bool) throws {
        if byShares {
            try KnownQuorum().scene(on: enclave).provision(2)
        } else {
            try WaitingEnclave(enclave).expectReady()
        }
        #expect(module.commits.count == 1)
    }
}
