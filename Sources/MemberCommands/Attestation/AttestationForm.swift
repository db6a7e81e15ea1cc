// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// The forms in which an attestation document reaches people: as it is, as text, or in a gateway's answer.
enum AttestationForm {
    /// The result of a gateway that was asked for a document.
    static let response = "GenerateAttestationResponse"
    /// The document in such a result, and in the answer to a genesis.
    static let field = "attestation_doc"

    /// Takes a document out of what it came in; whether it is one is not looked at.
    ///
    /// - Parameter bytes: CBOR; hexadecimal or base64; a JSON array of integers; or a gateway's answer in JSON.
    static func document(in bytes: [UInt8]) throws(CommandFailure) -> [UInt8] {
        // The CBOR of a document begins with an array or a tag, neither of which is a character.
        guard let first = bytes.first(where: { !isBlank($0) }) else { throw .failed("There is nothing in it.") }
        guard first < 0x80 else { return bytes }
        switch first {
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try document(inJSON: bytes)
        default: return try document(inText: bytes.filter { !isBlank($0) })
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func document(inJSON bytes: [UInt8]) throws(CommandFailure) -> [UInt8] {
        do {
            let json = try JSONValue(parsing: bytes)
            guard case .object = json else { return try json.byteArray() }
            let answer = json.member("result")?.member(response) ?? json
            guard let document = try answer.optional(field) else {
                throw CommandFailure.failed("The JSON has no \(field).")
            }
            return try document.requestBytes()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed("It is neither a JSON array of bytes nor a gateway's answer in JSON.")
        }
    }

    /// A document in base64 begins with a letter that is no hexadecimal digit, so the two are not mistaken.
    private static func document(inText text: [UInt8]) throws(CommandFailure) -> [UInt8] {
        if let bytes = Hex.decode(String(decoding: text, as: UTF8.self)) { return bytes }
        let mark = Array("base64:".utf8)
        guard let bytes = Base64.decode(text.starts(with: mark) ? Array(text.dropFirst(mark.count)) : text) else {
            throw .failed("It is neither an attestation document nor one in hexadecimal, base64 or JSON.")
        }
        return bytes
    }
}
