// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory

/// The secrets of a key pair, in one guarded block: seed ‖ signing scalar ‖ encryption scalar ‖ AES key, 32 bytes each.
///
/// QuorumOS derives the last three from the seed with HKDF-SHA512: the label is the salt, the info is empty.
struct KeyMaterial: ~Copyable, Sendable {
    private enum Part: Int {
        case seed
        case signingScalar
        case encryptionScalar
        case symmetricKey

        static let bytes = 32
        static let all = 4 * bytes

        var range: Range<Int> { (rawValue * Self.bytes)..<((rawValue + 1) * Self.bytes) }

        /// What a derived part is salted with; the seed is not derived.
        var label: [UInt8] {
            switch self {
            case .seed: []
            case .signingScalar: Array("qos_p256_sign".utf8)
            case .encryptionScalar: Array("qos_p256_encrypt".utf8)
            case .symmetricKey: Array("qos_aes_gcm_encrypt".utf8)
            }
        }
    }

    private let bytes: SecretBytes

    /// Copies the seed and derives the rest.
    ///
    /// - Throws: ``QuorumError/badSecret`` for a seed that is not 32 bytes or of which a scalar is zero or not below
    ///   the order of the curve (scalars are not reduced), ``QuorumError/memory(_:)``.
    init(seed: borrowing Span<UInt8>) throws(QuorumError) {
        guard seed.count == Part.bytes else { throw .badSecret }
        var bytes = try SecretSupply.guarded.secret(Part.all)
        let isSound = bytes.withMutableBytes { span in
            span.copy(seed, at: Part.seed.range.lowerBound)
            Self.derive(.signingScalar, from: seed, into: &span)
            Self.derive(.encryptionScalar, from: seed, into: &span)
            Self.derive(.symmetricKey, from: seed, into: &span)
            return P256.isScalar(span.span.extracting(Part.signingScalar.range))
                && P256.isScalar(span.span.extracting(Part.encryptionScalar.range))
        }
        guard isSound else { throw .badSecret }
        self.bytes = bytes
    }

    private static func derive(_ part: Part, from seed: borrowing Span<UInt8>, into block: inout MutableSpan<UInt8>) {
        var output = block._mutatingExtracting(part.range)
        HKDFSHA512.derive(salt: part.label, secret: seed, info: [], into: &output)
    }

    borrowing func withSeed<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try with(.seed, body)
    }

    borrowing func withSigningScalar<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try with(.signingScalar, body)
    }

    borrowing func withEncryptionScalar<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try with(.encryptionScalar, body)
    }

    borrowing func withSymmetricKey<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try with(.symmetricKey, body)
    }

    private borrowing func with<Result: ~Copyable, Failure: Error>(
        _ part: Part,
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withBytes { span throws(Failure) in try body(span.extracting(part.range)) }
    }
}
