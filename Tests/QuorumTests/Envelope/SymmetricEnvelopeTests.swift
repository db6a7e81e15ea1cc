// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing
import VectorKit

@testable import Quorum

/// QuorumOS's symmetric envelopes.
struct SymmetricVectors: Decodable {
    struct Opened: Decodable, Sendable, CustomTestStringConvertible {
        let plaintext: String
        let envelope: String

        var testDescription: String { "\(plaintext.count / 2) bytes" }
    }

    struct Refused: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let envelope: String
        let error: String

        var testDescription: String { name }
    }

    let master_seed: String
    let key: String
    let aad: String
    let nonce: String
    let decrypt: [Opened]
    let reject: [Refused]

    static func read() throws -> SymmetricVectors {
        try Vectors.decodeOwn(SymmetricVectors.self, from: "qos/symmetric.json")
    }
}

@Suite("A symmetric envelope")
struct SymmetricEnvelopeTests {
    private let vectors: SymmetricVectors
    private let pair: QuorumKeyPair

    init() throws {
        vectors = try SymmetricVectors.read()
        pair = try KeySamples.pair(hex: vectors.master_seed)
    }

    private func error(of envelope: [UInt8]) -> QuorumError? {
        KeySamples.error { () throws(QuorumError) in _ = try pair.openSymmetric(envelope, memory: .guarded) }
    }

    @Test("has the published key and context, and there are three to open and two to refuse")
    func intermediates() {
        #expect(pair.material.withSymmetricKey { Hex.encode(KeySamples.copy($0)) } == vectors.key)
        #expect(Hex.encode(SymmetricEnvelope.context) == vectors.aad)
        #expect(vectors.decrypt.count == 3)
        #expect(vectors.reject.count == 2)
    }

    @Test("is sealed byte for byte, and opened", arguments: try SymmetricVectors.read().decrypt)
    func published(vector: SymmetricVectors.Opened) throws {
        let plaintext = try KeySamples.hex(vector.plaintext)
        let nonce = try KeySamples.hex(vectors.nonce)
        #expect(Hex.encode(try pair.sealSymmetric(plaintext.span, nonce: nonce)) == vector.envelope)
        let drawn = try pair.sealSymmetric(plaintext.span, entropy: KeySamples.scripted([nonce]))
        #expect(Hex.encode(drawn) == vector.envelope)
        #expect(drawn.count == plaintext.count + SymmetricEnvelope.overhead)
        let opened = try pair.openSymmetric(drawn, memory: .guarded)
        #expect(KeySamples.copy(opened) == plaintext)
    }

    @Test("is refused with its reason", arguments: try SymmetricVectors.read().reject)
    func refused(vector: SymmetricVectors.Refused) throws {
        let expected = try #require(EnvelopeVectors.errors[vector.error])
        #expect(error(of: try KeySamples.hex(vector.envelope)) == expected)
    }

    @Test("is refused when any bit of it is changed, and at any other length")
    func changed() throws {
        let plaintext = KeySamples.bytes(33, numbered: 0)
        let envelope = try pair.sealSymmetric(plaintext.span, entropy: EntropySource())
        for index in envelope.indices {
            for bit in 0..<8 {
                var changed = envelope
                changed[index] ^= 1 << bit
                let expected: QuorumError = (12..<16).contains(index) ? .malformedEnvelope : .cannotDecrypt
                #expect(error(of: changed) == expected, "bit \(bit) of byte \(index)")
            }
            #expect(error(of: Array(envelope.prefix(index))) == .malformedEnvelope)
            #expect(error(of: envelope + Array(envelope.prefix(index + 1))) == .malformedEnvelope)
        }
    }

    @Test("without room for a tag is refused as undecryptable", arguments: 0..<16)
    func withoutTag(count: Int) {
        let short = [UInt8](repeating: 7, count: 12) + [UInt8(count), 0, 0, 0] + [UInt8](repeating: 7, count: count)
        #expect(error(of: short) == .cannotDecrypt)
    }

    @Test("opens with the pair that sealed it alone, under a fresh nonce each time", arguments: 0..<16)
    func roundTrip(number: Int) throws {
        let arena = try SecretArena([.init(bytes: 1024, slots: 1)])
        let entropy = EntropySource()
        let other = try KeySamples.pair(numbered: number)
        let plaintext = KeySamples.bytes(number * 13, numbered: number)
        let sealed = try other.sealSymmetric(plaintext.span, entropy: entropy)
        #expect(KeySamples.copy(try other.openSymmetric(sealed, memory: .arena(arena))) == plaintext)
        #expect(try other.sealSymmetric(plaintext.span, entropy: entropy).prefix(12) != sealed.prefix(12))
        #expect(error(of: sealed) == .cannotDecrypt)
        #expect(arena.slotsLent == 0)
    }

    @Test("is no public-key envelope, and the other way round")
    func kinds() throws {
        let plaintext = KeySamples.bytes(33, numbered: 0)
        let symmetric = try pair.sealSymmetric(plaintext.span, entropy: EntropySource())
        #expect(throws: QuorumError.malformedEnvelope) { _ = try pair.open(symmetric, memory: .guarded) }
        let sealed = try Envelope.seal(
            plaintext.span,
            to: pair.publicKey,
            entropy: EntropySource(),
            memory: .guarded
        )
        #expect(error(of: sealed) == .malformedEnvelope)
    }
}
