// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import Testing

@testable import EnclaveCore

extension Peer {
    /// For all connections of a test: its threads wait for work as long as the process lives.
    static let workers = Result { try WorkerPool(workers: 2) }

    /// A connection to an enclave, with workers.
    static func greeted(_ enclave: TestEnclave) throws -> Peer {
        try greeted(enclave: enclave.enclave, workers: try workers.get())
    }
}

@Suite("every operation in every state")
struct StateTableTests {
    /// What becomes of an operation in the states in the order of ``Phase``: `+` it works, `-` it is the wrong state,
    /// `g` there is no genesis answer, `m` there is no manifest.
    private static let outcomes: [OperationKind: String] = [
        .info: "+++++++",
        .generateSeed: "++++++-",
        .deriveSeed: "-----+-",
        .validateSeed: "+++++++",
        .genesisBoot: "+------",
        .genesisAnswer: "gg+g+gg",
        .injectShares: "--+----",
        .bootStandard: "+-+----",
        .manifest: "mm++++m",
        .shareManifest: "+--+---",
        .generateAttestation: "++++++-",
        .exportChallenge: "-----+-",
        .exportKey: "-----+-",
        .injectKey: "---+---",
    ]

    private static let allowed: [OperationKind: [Phase]] = [
        .generateSeed: [
            .waitingForBootInstruction, .genesisBooted, .waitingForQuorumShards, .waitingForForwardedKey,
            .quorumKeyProvisioned, .applicationReady,
        ],
        .deriveSeed: [.applicationReady],
        .genesisBoot: [.waitingForBootInstruction],
        .injectShares: [.waitingForQuorumShards],
        .bootStandard: [.waitingForBootInstruction, .waitingForQuorumShards],
        .shareManifest: [.waitingForBootInstruction, .waitingForForwardedKey],
        .generateAttestation: [
            .waitingForBootInstruction, .genesisBooted, .waitingForQuorumShards, .waitingForForwardedKey,
            .quorumKeyProvisioned, .applicationReady,
        ],
        .exportChallenge: [.applicationReady],
        .exportKey: [.applicationReady],
        .injectKey: [.waitingForForwardedKey],
    ]

    /// What the state does not outlive.
    private static let changing: Set<OperationKind> = [
        .genesisBoot, .injectShares, .bootStandard, .shareManifest, .injectKey,
    ]

    private static let phrase =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"

    /// An enclave in a state, reached as a caller reaches it where this build has a way there.
    private func scene(in phase: Phase) throws -> Scene {
        switch phase {
        case .waitingForBootInstruction, .genesisBooted:
            let quorum = try KnownQuorum()
            let enclave = try TestEnclave()
            if phase != .waitingForBootInstruction { try put(enclave, in: phase) }
            return Scene(
                enclave: enclave, members: quorum.holders, shares: quorum.shares, setupKey: quorum.key.publicKey,
                manifestHash: [])
        case .waitingForForwardedKey:
            let waiting = try WaitingEnclave()
            return Scene(
                enclave: waiting.enclave, members: waiting.quorum.holders, shares: waiting.quorum.shares,
                setupKey: waiting.setupKey, manifestHash: try waiting.quorum.draft.manifest.hash())
        case .waitingForQuorumShards: return try HeldGenesis().scene
        case .quorumKeyProvisioned:
            let scene = try HeldGenesis().scene
            try put(scene.enclave, in: phase)
            return scene
        case .applicationReady:
            let scene = try HeldGenesis().scene
            try scene.provision(2)
            return scene
        case .unrecoverableError:
            let scene = try HeldGenesis().scene
            try scene.enclave.enclave.change(for: .info) { _ in
                Enclave.Change(value: ()) { state, now throws(EnclaveError) in try state.fail(at: now) }
            }
            return scene
        }
    }

    /// Takes an edge that no operation of this build ends with.
    private func put(_ enclave: TestEnclave, in phase: Phase) throws {
        try enclave.enclave.change(for: .info) { _ in
            Enclave.Change(value: ()) { state, now throws(EnclaveError) in try state.machine.enter(phase, at: now) }
        }
    }

    private func request(_ kind: OperationKind, _ scene: Scene) throws -> (operation: Operation, secrets: [UInt8]) {
        switch kind {
        case .info: return (.info, [])
        case .generateSeed:
            return (.generateSeed(.init(strength: .bits128, language: .english, passphrase: nil)), [])
        case .deriveSeed:
            let request = DeriveSeedRequest(
                seedType: "t", seedData: "d", strength: .bits128, language: .english,
                passphrase: SecretField(count: 4))
            return (.deriveSeed(request), Array("word".utf8))
        case .validateSeed:
            let phrase = Array(Self.phrase.utf8)
            return (.validateSeed(.init(phrase: SecretField(count: phrase.count), language: nil)), phrase)
        case .genesisBoot: return (.genesisBoot(try GenesisDraft().request), [])
        case .genesisAnswer: return (.genesisAnswer, [])
        case .injectShares:
            let share = InjectSharesRequest.OfferedShare(memberAlias: "holder1", plain: SecretField(count: 33))
            return (
                .injectShares(.init(namespaceName: "namespace", namespaceNonce: 7, shares: [share])),
                scene.shares[0]
            )
        case .bootStandard: return (.bootStandard(try KnownQuorum().boot()), [])
        case .manifest: return (.manifest, [])
        case .shareManifest: return (.shareManifest(try KnownQuorum().shareRequest()), [])
        case .generateAttestation:
            return (.generateAttestation(.init(manifestHash: nil, registers: [], nonce: [1])), [])
        case .exportChallenge: return (.exportChallenge, [])
        case .exportKey: return (.exportKey(try exportRequest(scene)), [])
        case .injectKey:
            let quorum = try KnownQuorum()
            let ciphertext = try sealed(try Samples.hex(KnownQuorum.seedText), to: scene.setupKey)
            return (.injectKey(.init(ciphertext: ciphertext, signature: try quorum.key.sign(ciphertext))), [])
        }
    }

    /// What another enclave with the same manifest asks with; where none is held, with some manifest.
    private func exportRequest(_ scene: Scene) throws -> ExportKeyRequest {
        guard let held = try? scene.enclave.enclave.heldManifest() else {
            return try ExportDraft(KnownQuorum()).request
        }
        var document = DocumentDraft(registers: DocumentDraft.registers())
        document.bind(held.manifestHash, to: try Member("receiver").key.publicKey.bytes)
        return ExportKeyRequest(manifestEnvelope: held.manifestEnvelope, document: try document.signed())
    }

    @Test(
        "it works or is refused as the table says, and what is refused changes nothing",
        arguments: OperationKind.allCases, Phase.allCases)
    func cell(kind: OperationKind, phase: Phase) throws {
        let scene = try scene(in: phase)
        let enclave = scene.enclave
        #expect(enclave.phase == phase)
        let row = Array(try #require(Self.outcomes[kind]))
        let outcome = row[try #require(Phase.allCases.firstIndex(of: phase))]
        let (operation, secrets) = try request(kind, scene)
        let before = enclave.appearance
        let reply = try Peer.greeted(enclave).call(operation, secrets: secrets).reply
        switch outcome {
        case "+":
            expectAnswer(reply, to: kind)
            // Reading, seeds and exports change nothing either.
            if !Self.changing.contains(kind) { #expect(enclave.appearance == before) }
        case "-":
            let allowed = try #require(Self.allowed[kind])
            #expect(reply == .refused(EnclaveError(wrongState: phase, allowed: allowed)))
            #expect(enclave.appearance == before)
        default:
            #expect(reply == .refused(EnclaveError(outcome == "g" ? .noGenesis : .noManifest)))
            #expect(enclave.appearance == before)
        }
    }

    private func expectAnswer(_ reply: Reply, to kind: OperationKind) {
        let answered: OperationKind? =
            switch reply {
            case .info: .info
            case .seed: kind == .deriveSeed ? .deriveSeed : .generateSeed
            case .verdict(let verdict): verdict.language == .english ? .validateSeed : nil
            case .genesis: kind == .genesisAnswer ? .genesisAnswer : .genesisBoot
            case .shares(let result): result.judgements.allSatisfy { $0.flaw == nil } ? .injectShares : nil
            case .booted: .bootStandard
            case .manifest: .manifest
            case .manifestShared: .shareManifest
            case .attestation(let result): result.document.isEmpty ? nil : .generateAttestation
            case .challenge(let challenge): challenge.nonce.count == 32 ? .exportChallenge : nil
            case .exportedKey: .exportKey
            case .keyInjected(let result): result.phase == .applicationReady ? .injectKey : nil
            case .refused: nil
            }
        #expect(answered == kind, "\(reply)")
    }

    @Test("the operations of later builds are not known here, in any state", arguments: Phase.allCases)
    func unknown(phase: Phase) throws {
        let enclave = try scene(in: phase).enclave
        let before = enclave.appearance
        let peer = try Peer.greeted(enclave)
        for tag in [0, 15, 16, 200, 255] as [UInt8] {
            #expect(OperationKind(rawValue: tag) == nil)
            try peer.send(Peer.frame(try Peer.request(5, tag: tag, count: 0)))
            #expect(try peer.next() == peer.refusal(5, .unknownOperation))
        }
        #expect(enclave.appearance == before)
    }
}
