// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Primitives
import SecretMemory

/// A member's secret file under a passphrase.
///
/// Lower-case hexadecimal of: `renclave-secret-v1` and a zero byte ‖ Argon2id passes (u32, little-endian) ‖ its memory
/// in KiB (u32, little-endian) ‖ salt (16) ‖ nonce (12) ‖ the 32-byte seed under AES-256-GCM with its tag (48). The key
/// is Argon2id of the passphrase, 32 bytes; the cipher authenticates everything before the ciphertext.
package enum EncryptedKeyFile {
    static let magic = Array("renclave-secret-v1\0".utf8)

    private static let headBytes = magic.count + 4 + 4 + Argon2id.saltBytes + AES256GCM.nonceBytes
    private static let byteCount = headBytes + QuorumKeyPair.seedBytes + AES256GCM.tagBytes

    /// The length of what is written, which has no line end.
    package static let textBytes = 2 * byteCount

    /// Whether a secret file is of this form and not the plain one; the rest of it may still be malformed.
    package static func isEncrypted(_ text: borrowing Span<UInt8>) -> Bool {
        let digits = text.extracting(digitRange(of: text))
        let expected = Array(Hex.encode(magic).utf8)
        guard digits.count >= expected.count else { return false }
        return expected.indices.allSatisfy { isDigit(digits[$0], expected[$0]) }
    }

    /// Seals the seed of a key pair under a passphrase.
    ///
    /// - Returns: the text of the file, ASCII.
    /// - Throws: ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    package static func seal(
        _ pair: QuorumKeyPair,
        passphrase: borrowing Span<UInt8>,
        cost: PassphraseCost = .standard,
        entropy: EntropySource
    ) throws(QuorumError) -> [UInt8] {
        let salt = try entropy.published(Argon2id.saltBytes)
        let nonce = try entropy.published(AES256GCM.nonceBytes)
        return try seal(pair, passphrase: passphrase, cost: cost, salt: salt, nonce: nonce)
    }

    /// The same with a given salt and nonce, which must never be used twice with one passphrase.
    static func seal(
        _ pair: QuorumKeyPair,
        passphrase: borrowing Span<UInt8>,
        cost: PassphraseCost,
        salt: [UInt8],
        nonce: [UInt8]
    ) throws(QuorumError) -> [UInt8] {
        let head = magic + littleEndian(cost.operations) + littleEndian(cost.memoryKiB) + salt + nonce
        let key = try key(from: passphrase, salt: salt, cost: cost)
        let ciphertext = try key.withBytes { key throws(QuorumError) in
            try pair.withSeed { seed throws(QuorumError) in
                try EnvelopeCipher.seal(seed, key: key, nonce: nonce, authenticating: head)
            }
        }
        return Array(Hex.encode(head + ciphertext).utf8)
    }

    /// Opens the text of a file; white space around it, `0x` before it and upper case are allowed.
    ///
    /// What the file says is checked before anything is derived from the passphrase.
    ///
    /// - Throws: ``QuorumError/malformedHex``; ``QuorumError/malformedEnvelope`` for a length, a beginning or a cost
    ///   that is not allowed; ``QuorumError/cannotDecrypt`` for another passphrase or a changed file;
    ///   ``QuorumError/memory(_:)``, ``QuorumError/primitive(_:)``.
    package static func open(
        _ text: borrowing Span<UInt8>,
        passphrase: borrowing Span<UInt8>
    ) throws(QuorumError) -> QuorumKeyPair {
        let bytes = try bytes(of: text)
        let cost = try PassphraseCost(
            operations: littleEndian(bytes, at: magic.count),
            memoryKiB: littleEndian(bytes, at: magic.count + 4)
        )
        let head = Array(bytes.prefix(headBytes))
        let nonce = Array(head.suffix(AES256GCM.nonceBytes))
        let salt = Array(head.dropLast(AES256GCM.nonceBytes).suffix(Argon2id.saltBytes))
        let key = try key(from: passphrase, salt: salt, cost: cost)
        let seed = try key.withBytes { key throws(QuorumError) in
            try EnvelopeCipher.open(
                Array(bytes.dropFirst(headBytes)),
                key: key,
                nonce: nonce,
                authenticating: head,
                memory: .guarded
            )
        }
        return try seed.withBytes { seed throws(QuorumError) in try QuorumKeyPair(seed: seed) }
    }

    /// The bytes of a file, of the right length and beginning.
    private static func bytes(of text: borrowing Span<UInt8>) throws(QuorumError) -> [UInt8] {
        // First, so that no plain secret gets into the arrays below.
        guard isEncrypted(text) else { throw .malformedEnvelope }
        let digits = text.extracting(digitRange(of: text))
        guard digits.count == textBytes else { throw .malformedEnvelope }
        guard let bytes = Hex.decode(String(decoding: digits.indices.map { digits[$0] }, as: UTF8.self)) else {
            throw .malformedHex
        }
        return bytes
    }

    /// Where the digits lie: without white space around them and `0x` before them.
    private static func digitRange(of text: borrowing Span<UInt8>) -> Range<Int> {
        let range = text.rangeWithoutBlanks
        guard range.count >= 2, text[range.lowerBound] == 0x30, text[range.lowerBound + 1] == 0x78 else {
            return range
        }
        return range.dropFirst(2)
    }

    /// Whether a character is a hexadecimal digit, in either case, given in lower case.
    private static func isDigit(_ character: UInt8, _ digit: UInt8) -> Bool {
        character == digit || (0x41...0x46).contains(character) && character + 0x20 == digit
    }

    private static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func littleEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) }
    }

    private static func key(
        from passphrase: borrowing Span<UInt8>,
        salt: [UInt8],
        cost: PassphraseCost
    ) throws(QuorumError) -> SecretBytes {
        var key = try SecretSupply.guarded.secret(Argon2id.keyBytes)
        try key.withMutableBytes { output throws(QuorumError) in
            try primitive { () throws(PrimitiveError) in
                try Argon2id.derive(
                    from: passphrase,
                    salt: salt,
                    operations: cost.operations,
                    memoryKiB: cost.memoryKiB,
                    into: &output
                )
            }
        }
        return key
    }
}
