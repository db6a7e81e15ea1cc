// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing

@testable import Quorum

@Suite("A genesis")
struct GenesisTests {
    struct Quorum: Sendable, CustomTestStringConvertible {
        let threshold: Int
        let count: Int

        var testDescription: String { "\(threshold) of \(count)" }

        static let all = [
            Quorum(threshold: 2, count: 2), Quorum(threshold: 2, count: 3), Quorum(threshold: 3, count: 5),
            Quorum(threshold: 7, count: 7), Quorum(threshold: 100, count: 255),
        ]
    }

    /// A ceremony, and what its members have afterwards.
    private struct Ceremony {
        let genesis: Genesis
        /// What each member opens, in the order of the members.
        let shares: [[UInt8]]

        init(_ quorum: Quorum, recoveryKey: QuorumPublicKey? = nil) throws {
            let plan = try CeremonySamples.plan(
                threshold: quorum.threshold, of: quorum.count, recoveryKey: recoveryKey)
            let genesis = try Genesis(plan, entropy: EntropySource(), memory: .guarded)
            shares = try genesis.output.memberOutputs.enumerated().map { index, output in
                let pair = try KeySamples.pair(numbered: index + 1)
                return KeySamples.copy(try pair.open(output.encryptedShare, memory: .guarded))
            }
            self.genesis = genesis
        }
    }

    @Test("gives each member, in the order sent, a share of its own", arguments: Quorum.all)
    func shares(quorum: Quorum) throws {
        let ceremony = try Ceremony(quorum)
        let output = ceremony.genesis.output
        #expect(output.memberOutputs.map(\.member) == (try CeremonySamples.members(quorum.count)))
        #expect(output.memberOutputs.allSatisfy { $0.encryptedShare.count == 130 })
        #expect(ceremony.shares.map(\.count) == Array(repeating: 33, count: quorum.count))
        #expect(ceremony.shares.map(\.[0]) == (1...quorum.count).map { UInt8($0) })
        #expect(output.memberOutputs.map(\.shareHash) == ceremony.shares.map { SHA512.digest($0) })
        #expect(Set(output.memberOutputs.map(\.encryptedShare)).count == quorum.count)
    }

    @Test("makes shares of which any threshold many give the manifest's key", arguments: Quorum.all)
    func recombination(quorum: Quorum) throws {
        let ceremony = try Ceremony(quorum)
        let key = ceremony.genesis.manifest.quorumKey
        for shares in choices(of: ceremony.shares, quorum.threshold) {
            let pair = try KeySamples.pair(ShareCollection.combining(shares))
            #expect(pair.publicKey == key)
        }
        let all = try ShareCollection.combining(ceremony.shares)
        #expect(try KeySamples.pair(all).publicKey == key)
        #expect(ceremony.genesis.output.quorumKeyHash == SHA512.digest(Array(Hex.encode(all).utf8)))
    }

    @Test("makes shares of which fewer give another key, or too few to combine", arguments: Quorum.all)
    func tooFew(quorum: Quorum) throws {
        let ceremony = try Ceremony(quorum)
        for shares in choices(of: ceremony.shares, quorum.threshold - 1) {
            guard quorum.threshold > 2 else {
                #expect(throws: QuorumError.thresholdBelowTwo) { try ShareCollection.combining(shares) }
                continue
            }
            let pair = try KeySamples.pair(ShareCollection.combining(shares))
            #expect(pair.publicKey != ceremony.genesis.manifest.quorumKey)
        }
    }

    @Test("commits to its shares under its manifest", arguments: Quorum.all)
    func commitments(quorum: Quorum) throws {
        let ceremony = try Ceremony(quorum)
        let genesis = ceremony.genesis
        try genesis.commitments.check(against: genesis.manifest)
        #expect(genesis.commitments.manifestHash == genesis.manifest.hash)
        #expect(genesis.commitments.namespaceName == "qos-namespace")
        #expect(genesis.commitments.namespaceNonce == 12345)
        #expect(genesis.commitments.threshold == UInt32(quorum.threshold))
        #expect(genesis.commitments.shares.map(\.identifier) == ceremony.shares.map(\.[0]))
        #expect(genesis.commitments.shares.map(\.member) == genesis.output.memberOutputs.map(\.member))
        #expect(genesis.commitments.shares.map(\.shareHash) == ceremony.shares.map { SHA512.digest($0) })
    }

    @Test("can be read back from its bytes", arguments: Quorum.all)
    func bytes(quorum: Quorum) throws {
        let recoveryKey = try KeySamples.pair(numbered: 1000).publicKey
        let output = try Ceremony(quorum, recoveryKey: recoveryKey).genesis.output
        #expect(try GenesisOutput.decode(output.encoded()) == output)
        let set = MemberSet(
            threshold: UInt32(quorum.threshold), members: try CeremonySamples.members(quorum.count))
        #expect(output.layout == .current(set: set, recoveryKey: recoveryKey.bytes))
        #expect(output.recoveryPermutations.isEmpty)
        #expect(output.hash() == SHA256.digest(output.encoded()))
    }

    /// Neighbouring shares from several places, and some from far apart, in another order.
    private func choices(of shares: [[UInt8]], _ count: Int) -> [[[UInt8]]] {
        let starts = [0, 1, shares.count / 2, shares.count - 1]
        return starts.map { start in
            (0..<count).map { shares[(start + $0) % shares.count] }.reversed()
        }
    }
}

// MARK: - The key

extension GenesisTests {
    @Test("seals its seed to the recovery key, where there is one")
    func recovery() throws {
        let recovery = try KeySamples.pair(numbered: 1000)
        let genesis = try Ceremony(Quorum(threshold: 2, count: 3), recoveryKey: recovery.publicKey).genesis
        let wrapped = try #require(genesis.output.wrappedQuorumKey)
        #expect(wrapped.count == 129)
        let seed = KeySamples.copy(try recovery.open(wrapped, memory: .guarded))
        #expect(try KeySamples.pair(seed).publicKey == genesis.manifest.quorumKey)
        #expect(genesis.output.quorumKeyHash == SHA512.digest(Array(Hex.encode(seed).utf8)))
    }

    @Test("without a recovery key seals its seed to nobody")
    func noRecovery() throws {
        let output = try Ceremony(Quorum(threshold: 2, count: 2)).genesis.output
        #expect(output.wrappedQuorumKey == nil)
        let set = MemberSet(threshold: 2, members: try CeremonySamples.members(2))
        #expect(output.layout == .current(set: set, recoveryKey: nil))
    }

    @Test("signs the test message with the key, and seals it to the key")
    func testMessage() throws {
        let ceremony = try Ceremony(Quorum(threshold: 2, count: 2))
        let output = ceremony.genesis.output
        let pair = try KeySamples.pair(ShareCollection.combining(ceremony.shares))
        #expect(output.testMessage == Array("qos-test-message".utf8))
        #expect(output.quorumKey == pair.publicKey.bytes)
        try pair.publicKey.verify(output.testMessageSignature, of: output.testMessage)
        #expect(output.testMessageSignature == (try pair.sign(output.testMessage)))
        let opened = KeySamples.copy(try pair.open(output.testMessageCiphertext, memory: .guarded))
        #expect(opened == output.testMessage)
    }

    @Test("is of another key each time")
    func fresh() throws {
        let first = try Ceremony(Quorum(threshold: 2, count: 2))
        let second = try Ceremony(Quorum(threshold: 2, count: 2))
        #expect(first.genesis.manifest.quorumKey != second.genesis.manifest.quorumKey)
        #expect(first.genesis.manifest.hash != second.genesis.manifest.hash)
        #expect(throws: QuorumError.badCommitments) {
            try first.genesis.commitments.check(against: second.genesis.manifest)
        }
    }
}

// MARK: - The manifest

extension GenesisTests {
    @Test("makes a manifest of version 2 that says the plan and the key")
    func manifest() throws {
        let plan = try CeremonySamples.plan(threshold: 3, of: 5, approvals: 4)
        let genesis = try Genesis(plan, entropy: EntropySource(), memory: .guarded)
        let expected = try Manifest(
            version: .v2,
            namespace: Namespace(name: "qos-namespace", nonce: 12345, quorumKey: genesis.output.quorumKey),
            pivot: CeremonySamples.pivot,
            manifestSet: MemberSet(threshold: 4, members: CeremonySamples.members(5)),
            shareSet: MemberSet(threshold: 3, members: CeremonySamples.members(5)),
            enclave: CeremonySamples.enclave)
        #expect(genesis.manifest.manifest == expected)
        #expect(genesis.manifest.hash == expected.hash())
        #expect(genesis.manifest.hash == SHA256.digest(expected.encoded()))
        #expect(genesis.manifest == (try CheckedManifest(Manifest.decode(expected.encoded()))))
    }

    @Test("keeps the order of members, which need not be that of their names")
    func order() throws {
        let sorted = try CeremonySamples.members(3)
        let members = [sorted[2], sorted[0], sorted[1]]
        let set = try CheckedMembers(MemberSet(threshold: 2, members: members), as: .shareSet)
        let plan = GenesisPlan(
            namespaceName: "n", namespaceNonce: 0, manifestSet: set, shareSet: set, pivot: CeremonySamples.pivot,
            enclave: CeremonySamples.enclave, recoveryKey: nil)
        let genesis = try Genesis(plan, entropy: EntropySource(), memory: .guarded)
        #expect(genesis.output.memberOutputs.map(\.member) == members)
        #expect(genesis.manifest.manifest.shareSet.members == members)
        let first = try KeySamples.pair(numbered: 3).open(
            genesis.output.memberOutputs[0].encryptedShare, memory: .guarded)
        let share = KeySamples.copy(first)
        #expect(share[0] == 1)
    }

    @Test("takes no share set that was checked as one of approvers")
    func role() throws {
        let set = MemberSet(threshold: 1, members: try CeremonySamples.members(2))
        let approvers = try CheckedMembers(set, as: .manifestSet)
        let plan = GenesisPlan(
            namespaceName: "n", namespaceNonce: 0, manifestSet: approvers, shareSet: approvers,
            pivot: CeremonySamples.pivot, enclave: CeremonySamples.enclave, recoveryKey: nil)
        #expect(throws: QuorumError.badThreshold) {
            try Genesis(plan, entropy: EntropySource(), memory: .guarded)
        }
    }
}

// MARK: - What it needs

extension GenesisTests {
    @Test("ends where the random source is broken, whichever draw it is", arguments: 0..<8)
    func brokenSource(good: Int) throws {
        let draws = (0..<good).map { KeySamples.bytes(64, numbered: 500 + $0) }
        let plan = try CeremonySamples.plan(threshold: 2, of: 2)
        #expect(throws: QuorumError.primitive(.entropyFailed)) {
            try Genesis(plan, entropy: KeySamples.scripted(draws), memory: .guarded)
        }
    }

    @Test("needs a seed, coefficients, and a scalar and a nonce for each envelope")
    func draws() throws {
        let draws = (0..<8).map { KeySamples.bytes(64, numbered: 500 + $0) }
        let plan = try CeremonySamples.plan(threshold: 2, of: 2)
        let genesis = try Genesis(plan, entropy: KeySamples.scripted(draws), memory: .guarded)
        let key = try KeySamples.pair(Array(draws[0].prefix(32)))
        #expect(genesis.manifest.quorumKey == key.publicKey)
    }

    @Test("ends where no memory is left for secrets")
    func noMemory() throws {
        let arena = try SecretArena([SecretArena.SlotClass(bytes: 64, slots: 1)])
        let held = try arena.lend(count: 1)
        let plan = try CeremonySamples.plan(threshold: 2, of: 2)
        #expect(throws: QuorumError.memory(.exhausted)) {
            try Genesis(plan, entropy: EntropySource(), memory: .arena(arena))
        }
        let bytesHeld = held.count
        #expect(bytesHeld == 1)
    }

    @Test("gives back all the memory that it borrowed")
    func memory() throws {
        let arena = try SecretArena()
        let plan = try CeremonySamples.plan(
            threshold: 2, of: 3, recoveryKey: KeySamples.pair(numbered: 1000).publicKey)
        _ = try Genesis(plan, entropy: EntropySource(), memory: .arena(arena))
        #expect(arena.slotsLent == 0)
    }
}
