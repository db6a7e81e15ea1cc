// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("a genesis")
struct GenesisTests {
    private static let sizes: [(threshold: UInt32, count: Int)] = [(2, 2), (2, 3), (3, 5), (7, 7)]

    /// What shares give together.
    private func combined(_ shares: [[UInt8]]) throws -> [UInt8] {
        var collection = try ShareCollection(capacity: shares.count, shareBytes: 33)
        for share in shares { try collection.append(share.span) }
        let secret = try collection.combined(memory: .guarded)
        return secret.copied()
    }

    @Test("each member gets a share of its own, and any threshold of them give the key", arguments: sizes)
    func shares(threshold: UInt32, count: Int) throws {
        let genesis = try HeldGenesis(threshold, of: count)
        let answer = genesis.answer
        #expect(answer.encryptedShares.map(\.member) == (try Member.all("holder", count)).map(\.record))
        #expect(answer.threshold == threshold)
        let shares = genesis.scene.shares
        #expect(shares.map { $0.first } == (1...UInt8(count)).map { $0 })
        #expect(shares.allSatisfy { $0.count == 33 })
        #expect(answer.encryptedShares.allSatisfy { $0.ciphertext.count == 130 })
        #expect(answer.encryptedShares.map(\.shareHash) == shares.map { SHA512.digest($0) })
        let seed = try combined(Array(shares.prefix(Int(threshold))))
        #expect(seed == (try combined(shares.suffix(Int(threshold)).reversed())))
        #expect(seed == (try combined(shares)))
        #expect(try QuorumKeyPair(seed: seed.span).publicKey.bytes == answer.quorumPublicKey)
        if threshold > 2 {
            #expect(seed != (try combined(Array(shares.prefix(Int(threshold) - 1)))))
        }
        #expect(genesis.scene.enclave.arena.slotsLent == 0)
    }

    @Test("its members can bring their shares in the same run", arguments: sizes)
    func provisioned(threshold: UInt32, count: Int) throws {
        let scene = try HeldGenesis(threshold, of: count).scene
        for place in 0..<Int(threshold) - 1 {
            try scene.expect([try scene.approved(place)], [nil], held: UInt32(place + 1))
        }
        try scene.expectReady([try scene.approved(count - 1)], of: threshold)
        #expect(
            scene.enclave.enclave.info().history.map(\.phase) == [
                .waitingForBootInstruction, .genesisBooted, .waitingForQuorumShards, .quorumKeyProvisioned,
                .applicationReady,
            ])
        #expect(scene.enclave.arena.slotsLent == 0)
    }

    @Test("the manifest says what was asked for, and of the enclave what it is")
    func manifest() throws {
        let enclave = try TestEnclave()
        var draft = try GenesisDraft(3, of: 5)
        draft.namespaceName = "naïve/namespace"
        draft.namespaceNonce = .max
        let answer = try enclave.enclave.genesisBoot(draft.request)
        let envelope = try ManifestEnvelope.decode(answer.manifestEnvelope)
        let own = Samples.measurements
        #expect(
            try envelope
                == ManifestEnvelope(
                    manifest: Manifest(
                        version: .v2,
                        namespace: Namespace(
                            name: "naïve/namespace", nonce: .max, quorumKey: answer.quorumPublicKey),
                        pivot: Pivot(hash: [UInt8](repeating: 9, count: 32), restart: .never),
                        manifestSet: MemberSet(
                            threshold: 2, members: draft.manifestMembers.map { QuorumMember($0) }),
                        shareSet: MemberSet(threshold: 3, members: draft.shareMembers.map { QuorumMember($0) }),
                        enclave: NitroConfig(
                            pcr0: own.pcr0, pcr1: own.pcr1, pcr2: own.pcr2, pcr3: own.pcr3,
                            awsRootCertificate: own.rootCertificate, qosCommit: "renclave \(Version.product)")
                    )))
        #expect(envelope.manifest.hash() == answer.manifestHash)
        #expect(envelope.encoded() == answer.manifestEnvelope)
        let held = try enclave.enclave.heldManifest()
        #expect(held.manifestEnvelope == answer.manifestEnvelope)
        #expect(held.manifestHash == answer.manifestHash)
        #expect(held.commitments == answer.commitments)
    }

    @Test("its commitments hold for its manifest, and are signed by the key that was forgotten")
    func commitments() throws {
        let answer = try HeldGenesis(3, of: 5).answer
        let manifest = try CheckedManifest(ManifestEnvelope.decode(answer.manifestEnvelope).manifest)
        try ShareCommitments(answer.commitments).check(against: manifest)
        #expect(answer.commitments.epoch == 0)
        #expect(answer.commitments.manifestHash == answer.manifestHash)
        #expect(answer.commitments.shares.map(\.identifier) == [1, 2, 3, 4, 5])
        #expect(answer.commitments.shares.map(\.shareHash) == answer.encryptedShares.map(\.shareHash))
    }

    @Test("its output is QuorumOS's, with a test message that the key signed and can open")
    func output() throws {
        let genesis = try HeldGenesis()
        let answer = genesis.answer
        let output = try GenesisOutput.decode(answer.genesisOutput)
        #expect(output.quorumKey == answer.quorumPublicKey)
        #expect(output.memberOutputs.map(\.encryptedShare) == answer.encryptedShares.map(\.ciphertext))
        #expect(output.memberOutputs.map(\.shareHash) == answer.encryptedShares.map(\.shareHash))
        #expect(output.threshold == 2)
        #expect(output.recoveryPermutations.isEmpty)
        #expect(output.wrappedQuorumKey == nil)
        try QuorumPublicKey(answer.quorumPublicKey).verify(output.testMessageSignature, of: output.testMessage)
        let seed = try combined(genesis.scene.shares)
        let key = try QuorumKeyPair(seed: seed.span)
        #expect(output.quorumKeyHash == (try key.seedHash()))
        let opened = try key.open(output.testMessageCiphertext, memory: .guarded)
        #expect(opened.copied() == output.testMessage)
    }

    @Test("the seed is sealed to a recovery key, and to none where none was given")
    func recovery() throws {
        let enclave = try TestEnclave()
        let recovery = try Member("recovery")
        var draft = try GenesisDraft()
        draft.recoveryKey = recovery.key.publicKey.bytes
        let answer = try enclave.enclave.genesisBoot(draft.request)
        let wrapped = try #require(answer.recoveryWrappedKey)
        #expect(wrapped.count == 129)
        let seed = try recovery.open(wrapped)
        #expect(try QuorumKeyPair(seed: seed.span).publicKey.bytes == answer.quorumPublicKey)
        #expect(try GenesisOutput.decode(answer.genesisOutput).wrappedQuorumKey == wrapped)
        #expect(try HeldGenesis().answer.recoveryWrappedKey == nil)
    }

    @Test(
        "the pivot is this enclave's where it is not named, where it is zeros, and where it is named",
        arguments: [nil, [UInt8](repeating: 0, count: 32), [UInt8](repeating: 9, count: 32)])
    func pivot(hash: [UInt8]?) throws {
        let enclave = try TestEnclave()
        var draft = try GenesisDraft()
        draft.pivotHash = hash
        let answer = try enclave.enclave.genesisBoot(draft.request)
        let manifest = try ManifestEnvelope.decode(answer.manifestEnvelope).manifest
        #expect(manifest.pivot == Pivot(hash: [UInt8](repeating: 9, count: 32), restart: .never))
    }

    @Test("what is just within the limits is taken")
    func limits() throws {
        let enclave = try TestEnclave()
        var draft = try GenesisDraft()
        draft.namespaceName = String(repeating: "n", count: 256)
        draft.nonce = [UInt8](repeating: 1, count: 512)
        draft.manifestThreshold = 1
        draft.manifestMembers = Array(draft.manifestMembers.prefix(1))
        draft.shareMembers[0] = MemberRecord(
            alias: String(repeating: "é", count: 32), publicKey: draft.shareMembers[0].publicKey)
        // One person may be in both sets.
        draft.shareMembers[1] = draft.manifestMembers[0]
        let answer = try enclave.enclave.genesisBoot(draft.request)
        #expect(answer.encryptedShares.map(\.member) == draft.shareMembers)
    }

    @Test("two of them never give the same key, and every setup key is new")
    func different() throws {
        let answers = try (0..<8).map { _ in try HeldGenesis().answer }
        #expect(Set(answers.map(\.quorumPublicKey)).count == 8)
        #expect(Set(answers.map(\.ephemeralKey)).count == 8)
        #expect(Set(answers.flatMap { $0.encryptedShares.map(\.shareHash) }).count == 24)
    }

    @Test("an answer that was lost is given again, word for word, until the key is provisioned")
    func answerAgain() throws {
        let genesis = try HeldGenesis()
        let enclave = genesis.scene.enclave
        #expect(try enclave.enclave.genesisAnswer() == genesis.answer)
        try genesis.scene.expect([try genesis.scene.plain(0)], [nil], held: 1)
        #expect(try enclave.enclave.genesisAnswer() == genesis.answer)
        try genesis.scene.expectReady([try genesis.scene.plain(1)], of: 2)
        enclave.expect(EnclaveError(.noGenesis)) { try enclave.enclave.genesisAnswer() }
        // The manifest and what commits to the shares remain.
        let held = try enclave.enclave.heldManifest()
        #expect(held.manifestEnvelope == genesis.answer.manifestEnvelope)
        #expect(held.commitments == genesis.answer.commitments)
    }

    @Test("before it there is neither an answer nor a manifest")
    func nothingYet() throws {
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.noGenesis)) { try enclave.enclave.genesisAnswer() }
        enclave.expect(EnclaveError(.noManifest)) { try enclave.enclave.heldManifest() }
    }

    @Test("a second one is refused for the state, also once the key is there", arguments: [false, true])
    func twice(provisioned: Bool) throws {
        let scene = try HeldGenesis().scene
        if provisioned { try scene.provision(2) }
        scene.enclave.expect(
            EnclaveError(wrongState: scene.enclave.phase, allowed: [.waitingForBootInstruction])
        ) { try scene.enclave.enclave.genesisBoot(try GenesisDraft().request) }
    }

    @Test("what the enclave says of itself names the quorum")
    func info() throws {
        let genesis = try HeldGenesis(3, of: 5)
        let answer = genesis.answer
        let quorum = try #require(genesis.scene.enclave.enclave.info().quorum)
        #expect(quorum.namespace == .init(name: "namespace", nonce: 7))
        #expect(quorum.manifestHash == answer.manifestHash)
        #expect(quorum.publicKey == answer.quorumPublicKey)
        #expect(quorum.fingerprint == SHA256.digest(answer.quorumPublicKey))
        #expect(quorum.keyCheck == nil)
        #expect(quorum.threshold == 3)
        #expect(quorum.sharesReceived == 0)
    }
}
