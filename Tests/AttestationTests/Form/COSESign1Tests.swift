// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

@Suite("COSE_Sign1")
struct COSESign1Tests {
    private static let anySignature = CBOR.bytes(count: 96)
    private static let header: [UInt8] = [0x44, 0xA1, 0x01, 0x38, 0x22]

    @Test("what is signed is the context, the header, nothing and the payload")
    func signedBytes() {
        let signed = Hexadecimal.encode(COSESign1.signedBytes(payload: [1, 2, 3]))
        #expect(signed == "846a5369676e61747572653144a10138224043010203")
    }

    @Test("a message has four values and no tag, and is read with a tag as well")
    func message() throws {
        let signature = [UInt8](repeating: 0xAB, count: 96)
        let encoded = COSESign1.encode(payload: [1, 2, 3], signature: signature)
        #expect(encoded == [0x84] + Self.header + [0xA0, 0x43, 1, 2, 3] + Self.anySignature)
        let message = COSESign1.Message(payload: [1, 2, 3], signature: signature)
        #expect(try COSESign1.decode(encoded) == message)
        #expect(try COSESign1.decode([0xD2] + encoded) == message)
    }

    @Test(
        "another envelope is refused",
        arguments: [
            [], [0x84], [0xD2], [0xD3, 0x84], [0xD2, 0xD2, 0x84], [0xD8, 0x12, 0x84], [0x83], [0x85], [0x9F],
            [0x98, 0x04],
            [0xA4], [0x44], [0xF6],
        ] as [[UInt8]])
    func envelope(beginning: [UInt8]) {
        let part: AttestationError.Part = beginning == [0x84] ? .unprotectedHeader : .envelope
        let rest = Self.header + (beginning == [0x84] ? [0xA1] : [0xA0]) + [0x43, 1, 2, 3] + Self.anySignature
        #expect(throws: AttestationError.malformed(part)) { try COSESign1.decode(beginning + rest) }
    }

    @Test(
        "any other protected header is refused",
        arguments: [
            "43a10126", "44a1013823", "44a1013821", "45a101390022", "44bf0138", "46bf013822ff", "40", "41a0",
            "4fa1013822",
            "a1013822", "f6", "49a2013822013822aa", "47a2013822024080", "5f44a1013822ff", "5804a1013822", "64a1013822",
        ])
    func protectedHeader(hexadecimal: String) throws {
        let header = try #require(Hexadecimal.decode(hexadecimal.utf8))
        let message = [0x84] + header + [0xA0, 0x43, 1, 2, 3] + Self.anySignature
        #expect(throws: AttestationError.malformed(.protectedHeader)) { try COSESign1.decode(message) }
    }

    @Test("any other unprotected header is refused", arguments: ["a1044100", "bfff", "40", "80", "f6", "b800", "a101"])
    func unprotectedHeader(hexadecimal: String) throws {
        let header = try #require(Hexadecimal.decode(hexadecimal.utf8))
        let message = [0x84] + Self.header + header + [0x43, 1, 2, 3] + Self.anySignature
        #expect(throws: AttestationError.malformed(.unprotectedHeader)) { try COSESign1.decode(message) }
    }

    @Test(
        "a payload that is absent, empty, elsewhere, in pieces or cut off is refused",
        arguments: [
            "f6", "40", "63616263", "5f43010203ff", "5903e8", "83010203", "5803010203",
        ])
    func payload(hexadecimal: String) throws {
        let payload = try #require(Hexadecimal.decode(hexadecimal.utf8))
        let message = [0x84] + Self.header + [0xA0] + payload + Self.anySignature
        #expect(throws: AttestationError.malformed(.payload)) { try COSESign1.decode(message) }
    }

    @Test(
        "a signature of another length or kind, and bytes after it, are refused",
        arguments: [
            CBOR.bytes(count: 95), CBOR.bytes(count: 97), CBOR.bytes(count: 64), CBOR.bytes([]), CBOR.null,
            [0x5F] + anySignature + [0xFF], [0x59, 0x00, 0x60] + [UInt8](repeating: 1, count: 96), anySignature + [0],
            anySignature + [0xF6], anySignature.dropLast(), [],
        ])
    func signature(signature: [UInt8]) {
        let message = [0x84] + Self.header + [0xA0, 0x43, 1, 2, 3] + signature
        #expect(throws: AttestationError.malformed(.envelope)) { try COSESign1.decode(message) }
    }
}
