// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Synchronization
import Testing

@testable import Quorum

/// What tests of keys and envelopes need; nothing that a test puts into secret memory is a secret.
enum KeySamples {
    /// 00 01 02 … 1f.
    static let seed = (0..<32).map { UInt8($0) }

    static func hex(_ text: String) throws -> [UInt8] {
        try #require(Hex.decode(text))
    }

    static func pair(_ seed: [UInt8] = seed) throws -> QuorumKeyPair {
        try QuorumKeyPair(seed: seed.span)
    }

    static func pair(hex seed: String) throws -> QuorumKeyPair {
        try pair(try hex(seed))
    }

    /// A pair that depends on a number.
    static func pair(numbered number: Int) throws -> QuorumKeyPair {
        try pair(bytes(32, numbered: number))
    }

    /// Bytes that depend on a number, the same in every run.
    static func bytes(_ count: Int, numbered number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += SHA256.digest(Array("\(number) \(bytes.count)".utf8))
        }
        return Array(bytes.prefix(count))
    }

    static func copy(_ secret: borrowing SecretBytes) -> [UInt8] {
        secret.withBytes { copy($0) }
    }

    static func copy(_ span: borrowing Span<UInt8>) -> [UInt8] {
        span.indices.map { span[$0] }
    }

    /// The error of something that must fail.
    static func error(_ body: () throws(QuorumError) -> Void) -> QuorumError? {
        do throws(QuorumError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    static func looksLikeEnvelope(_ bytes: [UInt8]) -> Bool {
        Envelope.looksLikeEnvelope(bytes.span)
    }

    static func isEncrypted(_ text: [UInt8]) -> Bool {
        EncryptedKeyFile.isEncrypted(text.span)
    }

    /// A source that gives these draws, and zeros after them.
    static func scripted(_ draws: [[UInt8]]) -> EntropySource {
        let rest = ScriptedDraws(draws)
        return EntropySource { span in
            let next = rest.next()
            for index in span.indices {
                span[index] = index < next.count ? next[index] : 0
            }
        }
    }
}

/// Draws that are given one after the other.
private final class ScriptedDraws: Sendable {
    private let rest: Mutex<[[UInt8]]>

    init(_ draws: [[UInt8]]) {
        rest = Mutex(draws)
    }

    func next() -> [UInt8] {
        rest.withLock { $0.isEmpty ? [] : $0.removeFirst() }
    }
}
