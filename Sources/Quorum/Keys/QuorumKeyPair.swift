// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
package import SecretMemory

/// A key pair of QuorumOS: one 32-byte master seed, and what is derived from it to sign, to open and to seal.
///
/// The secrets stay in guarded memory of its own until the last reference goes.
package final class QuorumKeyPair: Sendable {
    /// The length of a master seed.
    package static let seedBytes = 32

    /// How often a seed is drawn before the source is held to be broken; one draw fails with a chance of about 2⁻³¹.
    private static let draws = 8

    /// What others seal to and check signatures with.
    package let publicKey: QuorumPublicKey
    let material: KeyMaterial

    /// Copies the seed.
    ///
    /// - Throws: ``QuorumError/badSecret`` for a seed that is not 32 bytes or of which a scalar is zero or not below
    ///   the order of the curve, ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    package init(seed: borrowing Span<UInt8>) throws(QuorumError) {
        let material = try KeyMaterial(seed: seed)
        let encryptionPoint = try material.withEncryptionScalar { scalar throws(QuorumError) in
            try primitive { () throws(PrimitiveError) in try P256.publicPoint(of: scalar) }
        }
        let signingPoint = try material.withSigningScalar { scalar throws(QuorumError) in
            try primitive { () throws(PrimitiveError) in try P256.publicPoint(of: scalar) }
        }
        publicKey = QuorumPublicKey(unchecked: encryptionPoint + signingPoint)
        self.material = material
    }

    /// A pair of a fresh seed; a seed of which a scalar is out of range is drawn again.
    ///
    /// - Parameter memory: where the seed is until the pair has its copy.
    /// - Throws: ``QuorumError/primitive(_:)`` with `entropyFailed` where the source is broken,
    ///   ``QuorumError/memory(_:)``.
    package static func generate(
        from entropy: EntropySource,
        memory: SecretSupply = .guarded
    ) throws(QuorumError) -> QuorumKeyPair {
        var seed = try memory.secret(seedBytes)
        for _ in 0..<draws {
            try entropy.refill(&seed)
            if let pair = try seed.withBytes(sound) { return pair }
        }
        throw .primitive(.entropyFailed)
    }

    /// The pair of a seed, or nil where the seed gives none.
    private static func sound(_ seed: borrowing Span<UInt8>) throws(QuorumError) -> QuorumKeyPair? {
        do throws(QuorumError) {
            return try QuorumKeyPair(seed: seed)
        } catch .badSecret {
            return nil
        }
    }

    /// Lends the master seed.
    package func withSeed<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try material.withSeed(body)
    }

    /// Signs SHA-256 of a message with ECDSA on P-256, the nonce by RFC 6979, s as it comes.
    ///
    /// - Returns: r ‖ s, 32 bytes each, big-endian.
    /// - Throws: ``QuorumError/primitive(_:)``, ``QuorumError/memory(_:)``.
    package func sign(_ message: [UInt8]) throws(QuorumError) -> [UInt8] {
        let digest = SHA256.digest(message)
        return try material.withSigningScalar { scalar throws(QuorumError) in
            try primitive { () throws(PrimitiveError) in try P256.sign(digest: digest, scalar: scalar) }
        }
    }

    /// SHA-512 of the seed in lower-case hexadecimal (64 characters): what QuorumOS publishes as `quorum_key_hash`.
    ///
    /// - Parameter memory: where the text is until it has been hashed.
    /// - Throws: ``QuorumError/memory(_:)``.
    package func seedHash(memory: SecretSupply = .guarded) throws(QuorumError) -> [UInt8] {
        try SeedFile.text(of: self, memory: memory).withBytes { SHA512.digest($0) }
    }
}
