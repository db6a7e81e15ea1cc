// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing
import VectorKit

@testable import Quorum

/// The file of canonical JSON: documents with their canonical form, and documents without one.
private struct CanonicalVectors: Decodable, Sendable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let input: String
        let canonical: String
        let sha256: String

        var testDescription: String { input }
    }

    let cases: [Case]
    let reject: [String]

    static func load() throws -> CanonicalVectors {
        try Vectors.decodeOwn(CanonicalVectors.self, from: "qos/canonical_json.json")
    }
}

private func canonical(_ text: String) throws -> String {
    String(decoding: try JSONValue(parsing: Array(text.utf8)).canonical(), as: UTF8.self)
}

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    @Test("every document of the vectors has its canonical form and hash")
    func vectors() throws {
        let cases = try CanonicalVectors.load().cases
        #expect(cases.count == 7)
        for vector in cases {
            let bytes = try JSONValue(parsing: Array(vector.input.utf8)).canonical()
            // Bytes, as String compares by canonical equivalence.
            #expect(bytes == Array(vector.canonical.utf8), "\(vector.input)")
            #expect(Hex.encode(SHA256.digest(bytes)) == vector.sha256, "\(vector.input)")
        }
    }

    @Test("every document that the vectors reject is refused")
    func rejected() throws {
        let documents = try CanonicalVectors.load().reject
        #expect(documents.count == 5)
        for document in documents {
            #expect(throws: QuorumError.malformedJSON, "\(document)") {
                try JSONValue(parsing: Array(document.utf8))
            }
        }
    }

    @Test(
        "a document has its canonical form",
        arguments: [
            (#"{"\ufb33":1,"\ud83d\ude00":2}"#, #"{"😀":"2","\#u{FB33}":"1"}"#),
            (
                #"{"\uffff":1,"\ue000":2,"\udbff\udfff":3,"\ud7ff":4}"#,
                #"{"\#u{D7FF}":"4","\#u{10FFFF}":"3","\#u{E000}":"2","\#u{FFFF}":"1"}"#
            ),
            (#"{"b":1,"":2,"aa":3,"a":4,"B":5}"#, #"{"":"2","B":"5","a":"4","aa":"3","b":"1"}"#),
            (#"{"a10":1,"a9":2}"#, #"{"a10":"1","a9":"2"}"#),
            (#"{"é":1,"e\u0301":2,"f":3}"#, #"{"e\#u{301}":"2","f":"3","é":"1"}"#),
            (#"{"a":null}"#, "{}"),
            (#"[{"b":{"a":null}},[null],null]"#, #"[{"b":{}},[null],null]"#),
            ("[0,-1,7]", #"["0","-1","7"]"#),
            (#""\b\t\n\f\r\u0000\u000b\u001f\"\\\/""#, #""\b\t\n\f\r\u0000\u000b\u001f\"\\/""#),
            (#""\u007f\u0080\u2028\u2029\ufeff<>&'""#, #""\#u{7F}\#u{80}\#u{2028}\#u{2029}\#u{FEFF}<>&'""#),
            (" [ true , false ] ", "[true,false]"),
        ])
    func forms(_ document: String, _ expected: String) throws {
        #expect(Array(try canonical(document).utf8) == Array(expected.utf8))
    }

    @Test("the compact form keeps order, nulls and numbers")
    func compact() throws {
        let document = #" { "b" : -7 , "a" : [ null , 18446744073709551615 ] , "n":null } "#
        let value = try JSONValue(parsing: Array(document.utf8))
        #expect(value.compact() == Array(#"{"b":-7,"a":[null,18446744073709551615],"n":null}"#.utf8))
    }

    @Test("any value survives the compact form, and its canonical form is its own", arguments: 0..<200 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        let value = generator.value(depth: 5)
        #expect(try JSONValue(parsing: value.compact()) == value)
        let canonical = value.canonical()
        #expect(try JSONValue(parsing: canonical).canonical() == canonical)
        #expect(try JSONValue(parsing: canonical).compact() == canonical)
    }

    @Test("strings are equal where their bytes are")
    func equality() {
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONMember(name: "\u{E9}", value: .null) != JSONMember(name: "e\u{301}", value: .null))
        #expect(JSONValue.array([.string("\u{E9}")]) == .array([.string("\u{E9}")]))
    }
}
