// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import Quorum

/// One of each token, with characters of two, three and four bytes, plain and escaped.
private let document = Array(
    """
    {"number":-250,"text":"aé€😀\\n\\u00e9\\ud83d\\ude00","list":[{"k":[],"l":{}},0,null , "x"],"flag":true}
    """.utf8)

/// What the bytes read as; nil where they are refused.
private func parsed(_ bytes: [UInt8]) -> JSONValue? {
    do throws(QuorumError) {
        return try JSONValue(parsing: bytes)
    } catch {
        #expect(error == .malformedJSON)
        return nil
    }
}

/// What is accepted is JSON to an independent reader too, and is the same value once written and read again.
private func checkAcceptance(_ bytes: [UInt8]) throws {
    guard let value = parsed(bytes) else { return }
    #expect(throws: Never.self) {
        try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }
    #expect(parsed(value.compact()) == value)
}

@Suite("Strict JSON: hostile input")
struct JSONHostileInputTests {
    @Test("a document cut off at any byte is refused")
    func truncated() {
        #expect(parsed(document) != nil)
        for length in document.indices {
            #expect(parsed(Array(document[..<length])) == nil, "\(length) bytes")
        }
    }

    @Test("a document of which any one byte is missing or doubled is refused, or is JSON")
    func shifted() throws {
        for index in document.indices {
            var shorter = document
            shorter.remove(at: index)
            try checkAcceptance(shorter)
            var longer = document
            longer.insert(document[index], at: index)
            try checkAcceptance(longer)
        }
    }

    @Test("a document of which any one bit is turned is refused, or is JSON")
    func bitsTurned() throws {
        for index in document.indices {
            for bit in 0..<8 {
                var turned = document
                turned[index] ^= 1 << bit
                try checkAcceptance(turned)
            }
        }
    }

    @Test("random bytes are refused, or are JSON", arguments: 0..<8 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        let punctuation = Array("{}[]\",:\\u0d8 1-enultrfas\n".utf8)
        for count in 0..<300 {
            try checkAcceptance(generator.bytes(count: count % 40, of: punctuation))
            try checkAcceptance(generator.bytes(count: count % 40, of: Array(0...255)))
            try checkAcceptance([0x22] + generator.bytes(count: count % 5, of: Array(0...255)) + [0x22])
        }
    }

    @Test("every string of one or two bytes above ASCII is refused where it is not UTF-8, and else read")
    func twoBytes() {
        for first in UInt8(0x80)...0xFF {
            #expect(parsed([0x22, first, 0x22]) == nil)
            for second in UInt8(0x80)...0xFF {
                let text = String(data: Data([first, second]), encoding: .utf8)
                #expect(parsed([0x22, first, second, 0x22]) == text.map(JSONValue.string))
            }
        }
    }
}
