// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("The forms of an attestation document")
struct AttestationFormTests {
    /// Begins as a document does.
    private static let document: [UInt8] = [0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0, 0x41, 0xfb, 0x40]

    private static let array = JSONValue.byteArray(document).line
    private static let base64 = Data(document).base64EncodedString()

    @Test(
        "are told apart, whatever blanks are around or within",
        arguments: [
            Hex.encode(document), "0x" + Hex.encode(document), "  \(Hex.encode(document).uppercased())\n",
            "8444a101\n3822a041\nfb40\n", base64, "base64:" + base64, base64.replacingOccurrences(of: "=", with: ""),
            "\(base64.prefix(8))\r\n\(base64.dropFirst(8))\r\n", array, "\n" + array,
            #"{"attestation_doc":\#(array),"quorum_public_key":[1]}"#,
            #"{"attestation_doc":"\#(Hex.encode(document))"}"#, #"{"attestation_doc":"base64:\#(base64)"}"#,
            #"{"id":"1","result":{"GenerateAttestationResponse":{"attestation_doc":\#(array)}}}"#,
        ]
    )
    func forms(text: String) throws {
        #expect(try AttestationForm.document(in: Array(text.utf8)) == Self.document)
    }

    @Test("a document as it is stays as it is, with a tag and without")
    func raw() throws {
        for bytes in [Self.document, [0xd2] + Self.document, Self.document + [0x0a]] {
            #expect(try AttestationForm.document(in: bytes) == bytes)
        }
    }

    @Test(
        "what is none of them is refused",
        arguments: [
            ("", "There is nothing in it."), (" \n", "There is nothing in it."),
            ("{}", "The JSON has no attestation_doc."),
            (#"{"attestation_doc":null}"#, "The JSON has no attestation_doc."),
            ("[256]", "It is neither a JSON array of bytes nor a gateway's answer in JSON."),
            ("[1,", "It is neither a JSON array of bytes nor a gateway's answer in JSON."),
            (#"{"attestation_doc":7}"#, "It is neither a JSON array of bytes nor a gateway's answer in JSON."),
            ("hello, world", "It is neither an attestation document nor one in hexadecimal, base64 or JSON."),
            ("-----BEGIN", "It is neither an attestation document nor one in hexadecimal, base64 or JSON."),
        ]
    )
    func refused(text: String, sentence: String) {
        #expect(throws: CommandFailure.failed(sentence)) { try AttestationForm.document(in: Array(text.utf8)) }
    }
}
