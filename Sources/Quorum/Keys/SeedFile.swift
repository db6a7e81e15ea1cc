// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
package import SecretMemory

/// The text of a member's plain secret file: the master seed as 64 hexadecimal characters.
///
/// The text is as secret as the seed, so it goes between spans and locked memory, never through a string.
package enum SeedFile {
    /// The length of what is written: lower case, no line end.
    package static let textBytes = 2 * QuorumKeyPair.seedBytes

    /// Reads the text; white space around it, `0x` before it and upper case are allowed.
    ///
    /// - Throws: ``QuorumError/malformedHex``, ``QuorumError/badSecret``, ``QuorumError/memory(_:)``,
    ///   ``QuorumError/primitive(_:)``.
    package static func read(_ text: borrowing Span<UInt8>) throws(QuorumError) -> QuorumKeyPair {
        let digits = text.extracting(text.rangeWithoutBlanks)
        var seed = try SecretSupply.guarded.secret(QuorumKeyPair.seedBytes)
        guard seed.withMutableBytes({ Hex.decode(digits, into: &$0) }) else { throw .malformedHex }
        return try seed.withBytes { seed throws(QuorumError) in try QuorumKeyPair(seed: seed) }
    }

    /// The text to be written for a key pair.
    ///
    /// - Throws: ``QuorumError/memory(_:)``.
    package static func text(of pair: QuorumKeyPair, memory: SecretSupply) throws(QuorumError) -> SecretBytes {
        var text = try memory.secret(textBytes)
        pair.withSeed { seed in
            text.withMutableBytes { Hex.encode(seed, into: &$0) }
        }
        return text
    }
}
