// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import ProcessKit
import Quorum
import SecretMemory

/// A person of a quorum, with a key that is the same in every run.
struct Member: Sendable {
    let alias: String
    /// The master seed, 32 bytes; a test's members have no secrets.
    let seed: [UInt8]
    let key: QuorumKeyPair

    /// The member of a number.
    init(_ number: Int) throws {
        alias = "member\(number)"
        let seed = SHA256.digest(Array("the end-to-end tests' member \(number)".utf8))
        key = try QuorumKeyPair(seed: seed.span)
        self.seed = seed
    }

    /// Members numbered from 1.
    static func group(of count: Int) throws -> [Member] {
        try (1...count).map { try Member($0) }
    }

    /// Opens what was sealed to this member.
    func open(_ envelope: [UInt8]) throws -> [UInt8] {
        try key.open(envelope, memory: .guarded).copied()
    }

    /// Seals a share to an enclave, as the contract's form of a share has it.
    func seal(_ share: [UInt8], to ephemeralKey: QuorumPublicKey) throws -> [UInt8] {
        try Envelope.seal(share.span, to: ephemeralKey, entropy: EntropySource(), memory: .guarded)
    }
}

extension SecretBytes {
    /// The bytes out of their memory: what a product may not do, and a test must.
    borrowing func copied() -> [UInt8] {
        withBytes { bytes in
            var copy: [UInt8] = []
            for index in bytes.indices { copy.append(bytes[index]) }
            return copy
        }
    }
}
