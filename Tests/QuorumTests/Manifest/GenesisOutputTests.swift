// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

/// One of the two layouts in the vectors.
struct GenesisVector: Sendable, CustomTestStringConvertible {
    let name: String
    let borsh: [UInt8]
    let hash: [UInt8]

    var testDescription: String { name }

    static func all() throws -> [GenesisVector] {
        let file = try ManifestVectors.file("genesis.json")
        return try ["current", "legacy"].map { name in
            let output = try file.required(name)
            return GenesisVector(
                name: name, borsh: try output.required("borsh").hexBytes(),
                hash: try output.required("attested_hash").hexBytes())
        }
    }
}

@Suite("The output of a genesis")
struct GenesisOutputTests {
    @Test("is read, written and hashed in its layout", arguments: try GenesisVector.all())
    func roundTrip(vector: GenesisVector) throws {
        let output = try GenesisOutput.decode(vector.borsh)
        #expect(output.encoded() == vector.borsh)
        #expect(output.hash() == vector.hash)
    }

    @Test("has what the vectors have", arguments: try GenesisVector.all())
    func structure(vector: GenesisVector) throws {
        let file = try ManifestVectors.file("genesis.json")
        let output = try GenesisOutput.decode(vector.borsh)
        switch output.layout {
        case .current(let set, let recoveryKey):
            #expect(vector.name == "current")
            #expect(set.members == output.memberOutputs.map(\.member))
            #expect(recoveryKey?.count == 130)
        case .legacy:
            #expect(vector.name == "legacy")
        }
        #expect(output.threshold == 2)
        #expect(output.quorumKey.count == 130)
        #expect(output.memberOutputs.map(\.member.alias) == ["alice", "bob"])
        #expect(output.memberOutputs.allSatisfy { $0.encryptedShare.count == 130 })
        #expect(output.recoveryPermutations.isEmpty)
        #expect(output.wrappedQuorumKey?.count == 129)
        #expect(output.testMessage == Array("qos-test-message".utf8))
        #expect(output.testMessageSignature.count == 64)
        let seed = try file.required("quorum_master_seed").text()
        #expect(output.quorumKeyHash == SHA512.digest(Array(seed.utf8)))
        let shares = try file.required("plain_shares").elements().map { try $0.hexBytes() }
        #expect(output.memberOutputs.map(\.shareHash) == shares.map { SHA512.digest($0) })
    }

    @Test("keeps recovered shares and what is missing")
    func rareParts() throws {
        let member = QuorumMember(alias: "a", publicKey: [1])
        let hash = [UInt8](repeating: 7, count: 64)
        let layouts = [
            GenesisLayout.current(set: MemberSet(threshold: 2, members: [member]), recoveryKey: nil),
            .legacy(threshold: 2),
        ]
        for layout in layouts {
            let output = try GenesisOutput(
                layout: layout, quorumKey: [2],
                memberOutputs: [GenesisMemberOutput(member: member, encryptedShare: [3], shareHash: hash)],
                recoveryPermutations: [[], [RecoveredShare(member: member, share: [4])]], wrappedQuorumKey: nil,
                quorumKeyHash: hash, testMessageCiphertext: [5], testMessageSignature: [6], testMessage: [])
            #expect(try GenesisOutput.decode(output.encoded()) == output)
        }
    }

    @Test("has hashes of 64 bytes")
    func hashes() {
        let member = QuorumMember(alias: "a", publicKey: [1])
        #expect(throws: QuorumError.malformedManifest) {
            try GenesisMemberOutput(member: member, encryptedShare: [], shareHash: [1])
        }
        #expect(throws: QuorumError.malformedManifest) {
            try GenesisOutput(
                layout: .legacy(threshold: 2), quorumKey: [], memberOutputs: [], wrappedQuorumKey: nil,
                quorumKeyHash: [], testMessageCiphertext: [], testMessageSignature: [], testMessage: [])
        }
    }

    @Test("is refused where it ends early or goes on", arguments: try GenesisVector.all())
    func truncations(vector: GenesisVector) {
        for count in vector.borsh.indices {
            #expect(throws: QuorumError.malformedManifest, "\(count) bytes") {
                try GenesisOutput.decode(Array(vector.borsh.prefix(count)))
            }
        }
        #expect(throws: QuorumError.malformedManifest) { try GenesisOutput.decode(vector.borsh + [0]) }
    }

    @Test("is read in full or refused after random changes", arguments: try GenesisVector.all())
    func mutations(vector: GenesisVector) {
        var source = MutationSource(seed: 3)
        for _ in 0..<2_000 {
            let bytes = source.mutation(of: vector.borsh)
            guard let output = try? GenesisOutput.decode(bytes) else { continue }
            #expect(output.encoded() == bytes)
        }
    }
}
