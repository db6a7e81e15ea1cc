// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory

/// A member of a quorum, as a test plays it. None of its keys is a secret.
struct Member: Sendable {
    let alias: String
    let key: QuorumKeyPair

    /// A member whose key depends on the alias and a number alone.
    init(_ alias: String, _ number: Int = 0) throws {
        self.alias = alias
        let seed = SHA256.digest(Array("member \(alias) \(number)".utf8))
        key = try QuorumKeyPair(seed: seed.span)
    }

    /// Members whose aliases are a prefix and 1, 2, and so on.
    static func all(_ prefix: String, _ count: Int) throws -> [Member] {
        try (0..<count).map { try Member("\(prefix)\($0 + 1)") }
    }

    var record: MemberRecord { MemberRecord(alias: alias, publicKey: key.publicKey.bytes) }
    var member: QuorumMember { QuorumMember(alias: alias, publicKey: key.publicKey.bytes) }

    /// What was sealed to this member.
    func open(_ envelope: [UInt8]) throws -> [UInt8] {
        try key.open(envelope, memory: .guarded).copied()
    }

    /// As a member of the manifest set.
    func approval(of manifestHash: [UInt8]) throws -> Approval {
        try Approval(of: manifestHash, alias: alias, key: key)
    }
}

/// Seals bytes to a key, as a member's tool does.
func sealed(_ bytes: [UInt8], to key: QuorumPublicKey) throws -> [UInt8] {
    try Envelope.seal(bytes.span, to: key, entropy: EntropySource(), memory: .guarded)
}
