// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import SecretMemory

/// The word numbers of an entropy (BIP39): the entropy, then the first bits of its SHA-256 as a checksum, cut into
/// eleven bits a word.
struct Mnemonic: ~Copyable {
    let strength: SeedStrength

    /// The entropy and one checksum byte behind it, of which the first `strength / 32` bits count.
    private let bits: SecretBytes

    /// Takes entropy and computes its checksum.
    ///
    /// - Parameter draw: fills the entropy.
    init(
        strength: SeedStrength,
        arena: SecretArena,
        draw: (inout SecretBytes) throws(EnclaveError) -> Void
    ) throws(EnclaveError) {
        self.strength = strength
        var entropy = try arena.lend(strength.entropyBytes)
        try draw(&entropy)
        var bits = try arena.lend(strength.entropyBytes + 1)
        bits.withMutableBytes { span in
            entropy.withBytes { span.copy($0, at: 0) }
            SHA256.appendFirstByte(ofDigestOf: strength.entropyBytes, in: &span)
        }
        self.bits = bits
    }

    /// Lends the entropy.
    func withEntropy<Result>(_ body: (borrowing Span<UInt8>) -> Result) -> Result {
        bits.withBytes { body($0.extracting(first: strength.entropyBytes)) }
    }

    /// The phrase in the words of a list.
    ///
    /// - Parameter separator: what stands between two words.
    /// - Throws: ``EnclaveError/Reason/outOfSecureMemory``.
    func phrase(
        in list: Wordlist,
        separator: [UInt8],
        arena: SecretArena
    ) throws(EnclaveError) -> SecretBytes {
        let count = bits.withBytes { bits in
            (0..<strength.wordCount).reduce(separator.count * (strength.wordCount - 1)) {
                $0 + list.range(of: Self.wordNumber($1, in: bits)).count
            }
        }
        var phrase = try arena.lend(count)
        phrase.withMutableBytes { phrase in
            bits.withBytes { bits in
                var offset = 0
                for position in 0..<strength.wordCount {
                    if position > 0 {
                        phrase.copy(separator.span, at: offset)
                        offset += separator.count
                    }
                    offset += list.copy(Self.wordNumber(position, in: bits), to: &phrase, at: offset)
                }
            }
        }
        return phrase
    }

    /// The eleven bits at `11 * position`, most significant first.
    private static func wordNumber(_ position: Int, in bits: borrowing Span<UInt8>) -> Int {
        let first = position * 11
        var window = 0
        for index in (first / 8)...(first / 8 + 2) {
            window = window << 8 | (index < bits.count ? Int(bits[index]) : 0)
        }
        return window >> (13 - first % 8) & 0x7FF
    }
}

extension SecretArena {
    /// Lends memory, or says in the protocol's terms why not.
    func lend(_ count: Int) throws(EnclaveError) -> SecretBytes {
        do {
            return try lend(count: count)
        } catch .tooLarge {
            throw EnclaveError(.tooLarge)
        } catch {
            throw EnclaveError(.outOfSecureMemory)
        }
    }
}
