// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import Testing

@testable import Attestation

@Suite("The signature of a document")
struct SignatureTests {
    private let chain: IssuedChain
    private let leafKey: P384.Signing.PrivateKey

    init() throws {
        chain = try ChainPlan().issue()
        leafKey = try chain.documentKey
    }

    @Test("is over the payload as it is, whatever its order and length")
    func payloads() async throws {
        let plan = chain.plan
        for payload in [
            CBOR.map(plan.entries), CBOR.indefiniteMap(plan.entries), CBOR.map(plan.entries.reversed()),
        ] {
            let document = try DocumentPlan.document(payload: payload, signedBy: leafKey)
            for bytes in [document, [0xD2] + document] {
                let verified = try await chain.verify(bytes)
                #expect(try verified.document == AttestationDocument(parsing: bytes))
            }
        }
    }

    @Test("does not hold for another payload that says the same")
    func otherForm() async throws {
        let plan = chain.plan
        let signature = try signature(COSESign1.signedBytes(payload: plan.payload()))
        await expect(CBOR.indefiniteMap(plan.entries), signature)
        await expect(CBOR.map(plan.entries.reversed()), signature)
        await expect(CBOR.map(plan.entries.dropLast()), signature)
    }

    @Test("by another key than the document's certificate has does not hold")
    func otherKey() async throws {
        let plan = chain.plan
        for number in 1...3 as ClosedRange<UInt8> {
            let document = try plan.document(signedBy: try SampleKeys.p384(number))
            await #expect(throws: AttestationError.badSignature) {
                try await chain.verify(document)
            }
        }
    }

    @Test("over anything but the COSE structure does not hold")
    func otherMessage() async throws {
        let payload = chain.plan.payload()
        let structure = COSESign1.signedBytes(payload: payload)
        await expect(payload, try signature(payload))
        await expect(payload, try signature(COSESign1.signedBytes(protected: [0xA1, 0x01, 0x26], payload: payload)))
        await expect(payload, try signature(structure + [0]))
        await expect(payload, [UInt8](try leafKey.signature(for: SHA256.hash(data: structure)).rawRepresentation))
        await expect(payload, [UInt8](try leafKey.signature(for: SHA512.hash(data: structure)).rawRepresentation))
    }

    @Test("of numbers that no signature has does not hold", arguments: [0x00, 0xFF] as [UInt8])
    func numbers(byte: UInt8) async throws {
        let payload = chain.plan.payload()
        let good = try signature(COSESign1.signedBytes(payload: payload))
        let half = [UInt8](repeating: byte, count: 48)
        await expect(payload, half + half)
        await expect(payload, half + good.suffix(48))
        await expect(payload, good.prefix(48) + half)
        await expect(payload, good.suffix(48) + good.prefix(48))
    }

    @Test(
        "under a header that names another algorithm is not looked at",
        arguments: [
            [0xA1, 0x01, 0x26], [0xA1, 0x01, 0x38, 0x23], [0xA0], [],
        ] as [[UInt8]])
    func otherAlgorithm(header: [UInt8]) async throws {
        let payload = chain.plan.payload()
        let signature = try signature(COSESign1.signedBytes(protected: header, payload: payload))
        let document = [0x84] + CBOR.bytes(header) + [0xA0] + CBOR.bytes(payload) + CBOR.bytes(signature)
        await #expect(throws: AttestationError.malformed(.protectedHeader)) {
            try await chain.verify(document)
        }
    }

    @Test("does not make up for a payload that is malformed")
    func malformed() async throws {
        let plan = chain.plan
        let payloads: [(AttestationError.Part, [UInt8])] = [
            (.payload, plan.payload() + [0]), (.payload, plan.adding("nonce", CBOR.null).payload()),
            (.unknownField, plan.adding("more", CBOR.null).payload()),
            (.nonce, plan.with("nonce", CBOR.bytes(count: 513)).payload()),
        ]
        for (part, payload) in payloads {
            let document = try DocumentPlan.document(payload: payload, signedBy: leafKey)
            await #expect(throws: AttestationError.malformed(part)) {
                try await chain.verify(document)
            }
        }
        let document = try plan.document(signedBy: leafKey)
        await #expect(throws: AttestationError.malformed(.envelope)) {
            try await chain.verify(document + [0])
        }
    }

    // MARK: Parts

    private func signature(_ message: [UInt8]) throws -> [UInt8] {
        [UInt8](try leafKey.signature(for: message).rawRepresentation)
    }

    private func expect(_ payload: [UInt8], _ signature: some Collection<UInt8>) async {
        let document = COSESign1.encode(payload: payload, signature: Array(signature))
        await #expect(throws: AttestationError.badSignature) {
            try await chain.verify(document)
        }
    }
}
