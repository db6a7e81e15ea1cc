// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing
import VectorKit

@testable import Quorum

/// A published genesis in QuorumOS's two layouts, with all its secrets.
struct GenesisVectors: Decodable {
    struct Output: Decodable {
        let borsh: String
    }

    let member_seeds: [String: String]
    let dr_master_seed: String
    let quorum_master_seed: String
    let plain_shares: [String]
    let current: Output
    let legacy: Output

    static func read() throws -> GenesisVectors {
        try Vectors.decodeOwn(GenesisVectors.self, from: "qos/genesis.json")
    }
}

/// What a genesis output says of keys and secrets, read field by field.
struct GenesisFields {
    struct Member {
        let alias: String
        let key: [UInt8]
        let sealedShare: [UInt8]
        let shareHash: [UInt8]
    }

    private var rest: ArraySlice<UInt8>
    private(set) var recoveryKey: [UInt8]?
    private(set) var quorumKey: [UInt8] = []
    private(set) var members: [Member] = []
    private(set) var wrappedSeed: [UInt8]?
    private(set) var quorumKeyHash: [UInt8] = []
    private(set) var testCiphertext: [UInt8] = []
    private(set) var testSignature: [UInt8] = []
    private(set) var testMessage: [UInt8] = []

    init(current: [UInt8]) throws {
        rest = current[...]
        for _ in 0..<(try number()) {
            _ = try bytes()
            _ = try bytes()
        }
        _ = try number()
        recoveryKey = try optional()
        try readMembers()
        try readTail()
    }

    init(legacy: [UInt8]) throws {
        rest = legacy[...]
        try readMembers()
        _ = try number()
        try readTail()
    }

    /// The quorum key, the members' outputs and the empty list of permutations.
    private mutating func readMembers() throws {
        quorumKey = try bytes()
        for _ in 0..<(try number()) {
            members.append(
                Member(
                    alias: String(decoding: try bytes(), as: UTF8.self),
                    key: try bytes(),
                    sealedShare: try bytes(),
                    shareHash: try fixed(64)
                )
            )
        }
        try #require(try number() == 0)
    }

    private mutating func readTail() throws {
        wrappedSeed = try optional()
        quorumKeyHash = try fixed(64)
        testCiphertext = try bytes()
        testSignature = try bytes()
        testMessage = try bytes()
        try #require(rest.isEmpty)
    }

    private mutating func fixed(_ count: Int) throws -> [UInt8] {
        try #require(rest.count >= count)
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private mutating func number() throws -> Int {
        try fixed(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func bytes() throws -> [UInt8] {
        try fixed(try number())
    }

    private mutating func optional() throws -> [UInt8]? {
        try fixed(1) == [1] ? try bytes() : nil
    }
}

@Suite("The secrets of a genesis")
struct GenesisSecretsTests {
    private let vectors: GenesisVectors
    private let outputs: [GenesisFields]

    init() throws {
        vectors = try GenesisVectors.read()
        outputs = [
            try GenesisFields(current: try KeySamples.hex(vectors.current.borsh)),
            try GenesisFields(legacy: try KeySamples.hex(vectors.legacy.borsh)),
        ]
    }

    @Test("each member opens the published share, whose hash is the published one")
    func shares() throws {
        for output in outputs {
            #expect(output.members.count == 2)
            for (member, share) in zip(output.members, vectors.plain_shares) {
                let pair = try KeySamples.pair(hex: try #require(vectors.member_seeds[member.alias]))
                #expect(pair.publicKey.bytes == member.key)
                let opened = KeySamples.copy(try pair.open(member.sealedShare, memory: .guarded))
                #expect(Hex.encode(opened) == share)
                #expect(SHA512.digest(opened) == member.shareHash)
            }
        }
    }

    @Test("no member opens another's share")
    func strangers() throws {
        for output in outputs {
            for (member, other) in zip(output.members, output.members.reversed()) {
                let pair = try KeySamples.pair(hex: try #require(vectors.member_seeds[member.alias]))
                #expect(throws: QuorumError.cannotDecrypt) { _ = try pair.open(other.sealedShare, memory: .guarded) }
            }
        }
    }

    @Test("the quorum seed gives the quorum key and its hash")
    func quorumKey() throws {
        let pair = try KeySamples.pair(hex: vectors.quorum_master_seed)
        for output in outputs {
            #expect(pair.publicKey.bytes == output.quorumKey)
            #expect(try pair.seedHash() == output.quorumKeyHash)
        }
    }

    @Test("the quorum key made the test signature and opens the test message")
    func testMessage() throws {
        let pair = try KeySamples.pair(hex: vectors.quorum_master_seed)
        for output in outputs {
            #expect(output.testMessage == Array("qos-test-message".utf8))
            #expect(try pair.sign(output.testMessage) == output.testSignature)
            try pair.publicKey.verify(output.testSignature, of: output.testMessage)
            let opened = try pair.open(output.testCiphertext, memory: .guarded)
            #expect(KeySamples.copy(opened) == output.testMessage)
        }
    }

    @Test("the disaster-recovery key opens the quorum seed")
    func recovery() throws {
        let pair = try KeySamples.pair(hex: vectors.dr_master_seed)
        #expect(outputs[0].recoveryKey == pair.publicKey.bytes)
        for output in outputs {
            let seed = try pair.open(try #require(output.wrappedSeed), memory: .guarded)
            #expect(Hex.encode(KeySamples.copy(seed)) == vectors.quorum_master_seed)
        }
    }
}
