// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// Keys and messages to operate on, in turns, so that no operation sees the same ones twice in a row.
struct Inputs {
    private struct Pair {
        let scalar: [UInt8]
        let point: [UInt8]
        let digest: [UInt8]
        let signature: [UInt8]
        let receiver: QuorumPublicKey
    }

    private static let count = 64

    private let entropy = EntropySource()
    private let arena: SecretArena
    private let share: [UInt8]
    private let pairs: [Pair]

    init() throws {
        let entropy = entropy
        arena = try SecretArena()
        share = try entropy.bytes(ShareCollection.seedShareBytes)
        pairs = try (0..<Self.count).map { _ in
            // A draw is out of range once in 2³² times.
            let scalar = try entropy.bytes(P256.scalarBytes)
            let digest = try entropy.bytes(P256.digestBytes)
            return Pair(
                scalar: scalar,
                point: try P256.publicPoint(of: scalar.span),
                digest: digest,
                signature: try P256.sign(digest: digest, scalar: scalar.span),
                receiver: try QuorumKeyPair.generate(from: entropy).publicKey
            )
        }
    }

    private func pair(_ number: Int) -> Pair { pairs[number % pairs.count] }

    /// The public point of a scalar; drawing one is not in it.
    func generateKey(_ number: Int) throws -> Bool {
        try P256.publicPoint(of: pair(number).scalar.span) == pair(number).point
    }

    /// Whether 65 bytes are a point on the curve.
    func checkPoint(_ number: Int) -> Bool { P256.isPoint(pair(number).point) }

    /// The x-coordinate of what two keys share.
    func agree(_ number: Int) throws -> Bool {
        var shared = [UInt8](repeating: 0, count: P256.scalarBytes)
        var output = shared.mutableSpan
        try P256.agree(scalar: pair(number).scalar.span, point: pair(number + 1).point, into: &output)
        return shared.contains { $0 != 0 }
    }

    /// Over a digest, with the nonce of RFC 6979.
    func sign(_ number: Int) throws -> Bool {
        try P256.sign(digest: pair(number).digest, scalar: pair(number).scalar.span) == pair(number).signature
    }

    /// Of one signature.
    func verify(_ number: Int) throws -> Bool {
        try P256.verify(pair(number).signature, digest: pair(number).digest, point: pair(number).point) == .valid
    }

    /// A share, sealed as the enclave does it: a key generation, an agreement and what is around them.
    func sealEnvelope(_ number: Int) throws -> Bool {
        let envelope = try Envelope.seal(
            share.span, to: pair(number).receiver, entropy: entropy, memory: .arena(arena))
        return envelope.count == share.count + Envelope.overhead
    }

    /// Locked memory of its own, taken and given back: no operation on the curve, but keys and held shares need it.
    func takeGuardedMemory(_: Int) throws -> Bool {
        let memory = try SecretSupply.guarded.take(P256.scalarBytes)
        return memory.count == P256.scalarBytes
    }
}
