// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing
import VectorKit

@testable import Quorum

/// QuorumOS's signatures: some to make again, some to accept or refuse.
struct SignatureVectors: Decodable {
    struct Signing: Decodable, Sendable, CustomTestStringConvertible {
        let master_seed: String
        let message: String
        let signature: String

        var testDescription: String { "message \(message)" }
    }

    struct Checking: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let public_key: String
        let message: String
        let signature: String
        let valid: Bool

        var testDescription: String { name }

        /// What the refused ones are refused with; the published file says only that they are.
        var error: QuorumError? {
            switch name {
            case "other message", "other key", "halves of the public key swapped": .wrongSignature
            case "DER instead of r||s", "63 bytes", "65 bytes", "r = 0", "s = n": .malformedSignature
            default: nil
            }
        }
    }

    let sign: [Signing]
    let verify: [Checking]

    static func read() throws -> SignatureVectors {
        try Vectors.decodeOwn(SignatureVectors.self, from: "qos/signatures.json")
    }
}

@Suite("A signature")
struct QuorumSignatureTests {
    @Test("there are five published to make and ten to check")
    func count() throws {
        let vectors = try SignatureVectors.read()
        #expect(vectors.sign.count == 5)
        #expect(vectors.verify.count == 10)
        #expect(vectors.verify.allSatisfy { $0.valid == ($0.error == nil) })
    }

    @Test("is made as published", arguments: try SignatureVectors.read().sign)
    func made(vector: SignatureVectors.Signing) throws {
        let pair = try KeySamples.pair(hex: vector.master_seed)
        let message = try KeySamples.hex(vector.message)
        let signature = try pair.sign(message)
        #expect(Hex.encode(signature) == vector.signature)
        try pair.publicKey.verify(signature, of: message)
    }

    @Test("is accepted, or refused with its reason", arguments: try SignatureVectors.read().verify)
    func checked(vector: SignatureVectors.Checking) throws {
        let key = try QuorumPublicKey(try KeySamples.hex(vector.public_key))
        let message = try KeySamples.hex(vector.message)
        let signature = try KeySamples.hex(vector.signature)
        #expect(KeySamples.error { () throws(QuorumError) in try key.verify(signature, of: message) } == vector.error)
    }

    @Test("by any pair over any message holds, and over another message does not", arguments: 0..<16)
    func roundTrip(number: Int) throws {
        let pair = try KeySamples.pair(numbered: number)
        let message = KeySamples.bytes(number * 7, numbered: number)
        let signature = try pair.sign(message)
        #expect(signature.count == 64)
        #expect(try pair.sign(message) == signature)
        try pair.publicKey.verify(signature, of: message)
        #expect(throws: QuorumError.wrongSignature) {
            try pair.publicKey.verify(signature, of: message + [0])
        }
    }

    @Test("is refused when any byte of it is changed")
    func changed() throws {
        let pair = try KeySamples.pair()
        let message = Array("abc".utf8)
        let signature = try pair.sign(message)
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(throws: QuorumError.wrongSignature, "\(index)") {
                try pair.publicKey.verify(changed, of: message)
            }
        }
    }

    @Test("of another length is refused", arguments: [0, 1, 32, 63, 65, 128])
    func length(count: Int) throws {
        let key = try KeySamples.pair().publicKey
        let signature = KeySamples.bytes(count, numbered: 2)
        #expect(throws: QuorumError.malformedSignature) { try key.verify(signature, of: []) }
    }
}
