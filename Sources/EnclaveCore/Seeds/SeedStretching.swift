// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import SecretMemory

/// BIP39's way from a phrase and a passphrase to the 64-byte seed: PBKDF2-HMAC-SHA512, 2048 rounds, the salt `mnemonic`
/// and the passphrase behind it, both in NFKD.
enum SeedStretching {
    static let rounds: Int32 = 2048
    static let seedBytes = 64
    private static let saltPrefix = Array("mnemonic".utf8)

    /// Bytes of scratch memory that the longest passphrase needs.
    static let scratchBytes = saltPrefix.count + UnicodeText.scratchBytes(for: Limits.passphraseBytes)

    /// Makes the seed.
    ///
    /// - Parameters:
    ///   - phrase: in NFKD, the words joined by one space.
    ///   - passphrase: UTF-8 as received, at most ``Limits/passphraseBytes`` bytes.
    ///   - scratch: at least ``scratchBytes`` bytes; zeroed before this returns.
    /// - Throws: ``EnclaveError/Reason/outOfRange`` for a passphrase that is too long or not UTF-8.
    static func seed(
        phrase: borrowing SecretBytes,
        passphrase: borrowing SecretBytes,
        scratch: inout SecretBuffer,
        arena: SecretArena
    ) throws(EnclaveError) -> SecretBytes {
        var seed = try arena.lend(seedBytes)
        let saltCount = passphrase.withBytes { passphrase in
            scratch.withMutableBytes { scratch in
                salt(for: passphrase, in: &scratch)
            }
        }
        defer { scratch.wipe(0..<scratch.count) }
        guard let saltCount else { throw EnclaveError(.outOfRange, field: "passphrase") }
        let derived = seed.withMutableBytes { seed in
            phrase.withBytes { phrase in
                scratch.withBytes { scratch in
                    PBKDF2.derive(
                        password: phrase,
                        salt: scratch.extracting(first: saltCount),
                        rounds: rounds,
                        into: &seed
                    )
                }
            }
        }
        guard derived else { throw EnclaveError(.internalFailure) }
        return seed
    }

    private static func salt(for passphrase: borrowing Span<UInt8>, in scratch: inout MutableSpan<UInt8>) -> Int? {
        guard passphrase.count <= Limits.passphraseBytes else { return nil }
        scratch.copy(saltPrefix.span, at: 0)
        return UnicodeText.normalize(passphrase, into: &scratch, at: saltPrefix.count).map { saltPrefix.count + $0 }
    }
}
