// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import NIOCore
import Testing

@testable import HostGateway

private let fields = ["strength", "language", "value", "flag"]

/// One of each token, with two-, three- and four-byte characters, plain and escaped.
private let document = Array(
    """
    {"strength":-25.60e+1,"language":"aé€😀\\n\\u00e9\\ud83d\\ude00",
    "value":[{"k":[],"l":{}},0,null , "x"],"flag":true}
    """.utf8)

private func refusal(_ bytes: [UInt8]) -> RequestError? {
    do {
        _ = try JSONBody(ByteBuffer(bytes: bytes), allowing: fields)
        return nil
    } catch {
        return error
    }
}

/// Whether an independent reader takes the bytes, and an independent check finds UTF-8 without a byte order mark.
private func isJSON(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil, !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return false }
    return (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
}

@Suite("JSON request body: hostile input")
struct JSONBodyHostileInputTests {
    @Test("the whole document is accepted")
    func whole() throws {
        #expect(isJSON(document))
        let body = try JSONBody(ByteBuffer(bytes: document), allowing: fields)
        #expect(try body.integer("strength", in: -256...256) == -256)
        #expect(try body.string("language") == "aé€😀\né😀")
    }

    @Test("a document cut off at any byte is invalid_json")
    func truncated() {
        for length in 1..<document.count {
            #expect(refusal(Array(document[..<length]))?.reason == .invalidJSON, "\(length) bytes")
        }
    }

    @Test("a document that lacks any one byte, or has one twice, is read as an independent reader reads it")
    func shifted() {
        for index in document.indices {
            var shorter = document
            shorter.remove(at: index)
            agrees(shorter)
            var longer = document
            longer.insert(document[index], at: index)
            agrees(longer)
        }
    }

    @Test("a document with any one byte replaced by any other is read as an independent reader reads it")
    func replaced() {
        for index in document.indices {
            var changed = document
            for byte in UInt8.min...UInt8.max {
                changed[index] = byte
                agrees(changed)
            }
        }
    }

    /// Both accept, or both refuse as no JSON, or this reader finds a name that the other does not judge.
    private func agrees(_ bytes: [UInt8]) {
        let reason = refusal(bytes)?.reason
        switch reason {
        case nil, .unknownField, .duplicateKey, .wrongType:
            #expect(isJSON(bytes), "\(String(decoding: bytes, as: UTF8.self))")
        case .invalidJSON:
            #expect(!isJSON(bytes), "\(String(decoding: bytes, as: UTF8.self))")
        default:
            Issue.record("\(String(describing: reason)) is no outcome of reading a document")
        }
    }

    @Test(
        "what is not UTF-8 is invalid_json, in a value and in a key",
        arguments: [
            [0x80], [0xBF], [0xFE], [0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xC3, 0xC3],
            [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x28, 0x80],
            [0xF0, 0x9F, 0x98, 0x28], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func malformedUTF8(_ sequence: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let value = Array("{\"language\":".utf8) + [quote] + sequence + [quote] + Array("}".utf8)
        #expect(refusal(value) == RequestError(.invalidJSON, message: "The body is not UTF-8 at offset 13."))
        let key = Array("{".utf8) + [quote] + sequence + [quote] + Array(":1}".utf8)
        #expect(refusal(key) == RequestError(.invalidJSON, message: "The body is not UTF-8 at offset 2."))
        #expect(refusal(Array("{\"language\":\"".utf8) + sequence)?.reason == .invalidJSON)
    }

    @Test("every scalar is read back, plain and escaped, in steps of a prime")
    func scalars() throws {
        for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 127) {
            guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
            let text = String(Character(scalar))
            let escaped = text.utf16.map { "\\u" + String(0x10000 + UInt32($0), radix: 16).dropFirst() }.joined()
            for spelling in [text, escaped] {
                let buffer = ByteBuffer(string: "{\"language\":\"\(spelling)\"}")
                let body = try JSONBody(buffer, allowing: fields)
                #expect(try body.text("language") == Array(text.utf8))
            }
        }
    }

    @Test("no message shows a value of the body")
    func silence() {
        let values = [
            "\"canary\"", "[\"canary\"]", "{\"x\":\"canary\",\"x\":1}", "\"canary\\x\"", "canary", "\"canary",
        ]
        for value in values {
            for name in ["strength", "unknown"] {
                guard let error = refusal(Array("{\"\(name)\":\(value)}".utf8)) else { continue }
                #expect(!"\(error)".contains("canary"))
            }
        }
    }
}
