// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory

/// The entropy of seeds that the quorum key, a namespace's name, a type and data determine; formulas that may never
/// change.
///
/// HKDF-SHA512 (RFC 5869) with the salt `renclave_derived_seed_v1` over the master seed. The extracted key is kept, so
/// that a derivation is one expansion.
package final class SeedDerivation: Sendable {
    private let extracted: SecretBytes
    private let namespaceName: String

    /// - Throws: ``QuorumError/memory(_:)``.
    package init(from key: QuorumKeyPair, namespaceName: String) throws(QuorumError) {
        var extracted = try SecretSupply.guarded.secret(HMACSHA512.byteCount)
        key.withSeed { seed in
            extracted.withMutableBytes { output in
                HKDFSHA512.extract(salt: Array("renclave_derived_seed_v1".utf8), secret: seed, into: &output)
            }
        }
        self.extracted = extracted
        self.namespaceName = namespaceName
    }

    /// Fills `entropy`, whose length in bits is the strength.
    ///
    /// info = u32 length ‖ namespace name ‖ u32 length ‖ type ‖ u32 length ‖ data ‖ u16 strength, all little-endian,
    /// strings as UTF-8 as received.
    ///
    /// - Parameter entropy: at most 8191 bytes, since a strength is 16 bits.
    package func derive(type: String, data: String, into entropy: inout MutableSpan<UInt8>) {
        // A strength cut off would be another's, whose entropy this would begin with.
        precondition(entropy.count <= Int(UInt16.max) / 8, "a strength of more than 16 bits")
        var info = BorshWriter()
        info.string(namespaceName)
        info.string(type)
        info.string(data)
        info.u16(UInt16(entropy.count * 8))
        extracted.withBytes { HKDFSHA512.expand(prk: $0, info: info.bytes, into: &entropy) }
    }
}
