// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing
import VectorKit

@testable import Quorum

/// QuorumOS's public-key envelopes: one sealing with every value on the way, some to open and some to refuse.
struct EnvelopeVectors: Decodable {
    struct Opened: Decodable, Sendable, CustomTestStringConvertible {
        let plaintext: String
        let envelope: String

        var testDescription: String { "\(plaintext.count / 2) bytes" }
    }

    struct Refused: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let master_seed: String
        let envelope: String
        let error: String

        var testDescription: String { name }
    }

    let receiver_master_seed: String
    let receiver_encrypt_public: String
    let ephemeral_scalar: String
    let ephemeral_public: String
    let nonce: String
    let shared_x: String
    let hmac_sha512: String
    let cipher_key: String
    let aad: String
    let decrypt: [Opened]
    let reject: [Refused]

    static func read() throws -> EnvelopeVectors {
        try Vectors.decodeOwn(EnvelopeVectors.self, from: "qos/envelope.json")
    }

    /// What QuorumOS's errors are called here.
    static let errors: [String: QuorumError] = [
        "FailedToDeserializeEnvelope": .malformedEnvelope,
        "FailedToDeserializePublicKey": .badEnvelopePoint,
        "AesGcm256DecryptError": .cannotDecrypt,
    ]
}

@Suite("Published envelopes")
struct EnvelopeVectorTests {
    private let vectors: EnvelopeVectors
    private let receiver: QuorumKeyPair

    init() throws {
        vectors = try EnvelopeVectors.read()
        receiver = try KeySamples.pair(hex: vectors.receiver_master_seed)
    }

    @Test("are four to open and twelve to refuse")
    func count() {
        #expect(vectors.decrypt.count == 4)
        #expect(vectors.reject.count == 12)
        #expect(vectors.reject.allSatisfy { EnvelopeVectors.errors[$0.error] != nil })
    }

    @Test("come from the published pre-image, HMAC, key and context, on both sides")
    func intermediates() throws {
        let ephemeral = try KeySamples.hex(vectors.ephemeral_scalar)
        let agreement = EnvelopeAgreement(
            sender: try P256.publicPoint(of: ephemeral.span),
            receiver: receiver.publicKey.encryptionPoint
        )
        #expect(Hex.encode(agreement.sender) == vectors.ephemeral_public)
        #expect(Hex.encode(agreement.receiver) == vectors.receiver_encrypt_public)
        #expect(Hex.encode(agreement.context) == vectors.aad)
        let expected = vectors.ephemeral_public + vectors.receiver_encrypt_public + vectors.shared_x
        let memory = SecretSupply.guarded
        let sent = try agreement.preimage(scalar: ephemeral.span, point: agreement.receiver, memory: memory)
        let received = try receiver.material.withEncryptionScalar { scalar throws(QuorumError) in
            try agreement.preimage(scalar: scalar, point: agreement.sender, memory: memory)
        }
        #expect(Hex.encode(KeySamples.copy(sent)) == expected)
        #expect(Hex.encode(KeySamples.copy(received)) == expected)
        let authenticator = try EnvelopeAgreement.authenticator(of: sent, memory: memory)
        #expect(Hex.encode(KeySamples.copy(authenticator)) == vectors.hmac_sha512)
        let key = try agreement.cipherKey(scalar: ephemeral.span, point: agreement.receiver, memory: memory)
        #expect(Hex.encode(KeySamples.copy(key)) == vectors.cipher_key)
    }

    @Test("are sealed byte for byte, given scalar and nonce", arguments: try EnvelopeVectors.read().decrypt)
    func sealed(vector: EnvelopeVectors.Opened) throws {
        let plaintext = try KeySamples.hex(vector.plaintext)
        let scalar = try KeySamples.hex(vectors.ephemeral_scalar)
        let nonce = try KeySamples.hex(vectors.nonce)
        let envelope = try Envelope.seal(
            plaintext.span,
            to: receiver.publicKey,
            scalar: scalar.span,
            nonce: nonce,
            memory: .guarded
        )
        #expect(Hex.encode(envelope) == vector.envelope)
        #expect(envelope.count == plaintext.count + Envelope.overhead)
        let drawn = try Envelope.seal(
            plaintext.span,
            to: receiver.publicKey,
            entropy: KeySamples.scripted([scalar, nonce]),
            memory: .guarded
        )
        #expect(drawn == envelope)
    }

    @Test("are opened", arguments: try EnvelopeVectors.read().decrypt)
    func opened(vector: EnvelopeVectors.Opened) throws {
        let envelope = try KeySamples.hex(vector.envelope)
        #expect(KeySamples.looksLikeEnvelope(envelope))
        let plaintext = try receiver.open(envelope, memory: .guarded)
        #expect(Hex.encode(KeySamples.copy(plaintext)) == vector.plaintext)
    }

    @Test("are refused with their reason", arguments: try EnvelopeVectors.read().reject)
    func refused(vector: EnvelopeVectors.Refused) throws {
        let pair = try KeySamples.pair(hex: vector.master_seed)
        let envelope = try KeySamples.hex(vector.envelope)
        let expected = try #require(EnvelopeVectors.errors[vector.error])
        #expect(throws: expected) { _ = try pair.open(envelope, memory: .guarded) }
        #expect(KeySamples.looksLikeEnvelope(envelope) == (expected != .malformedEnvelope))
    }
}
