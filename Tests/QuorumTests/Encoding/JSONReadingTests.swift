// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

private let object = JSONValue.object([
    JSONMember(name: "text", value: .string("x")), JSONMember(name: "none", value: .null),
])

@Suite("Reading JSON values")
struct JSONReadingTests {
    @Test(
        "an integer is read from a number or from decimal digits",
        arguments: [
            ("0", 0), ("65535", 65535), ("\"0\"", 0), ("\"65535\"", 65535), ("\"+7\"", 7), ("\"007\"", 7),
            ("\"+0000000000000000000000000065535\"", 65535),
        ] as [(String, UInt64)])
    func integer(_ text: String, _ expected: UInt64) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)).unsigned(max: 65535) == expected)
    }

    @Test(
        "what is no integer within the limit is refused",
        arguments: [
            "65536", "-1", "\"65536\"", "\"-1\"", "\"-0\"", "\"\"", "\"+\"", "\"++1\"", "\"+-1\"", "\" 1\"", "\"1 \"",
            "\"1.0\"", "\"1e3\"", "\"0x1\"", "\"1_0\"", "\"१\"", "\"18446744073709551616\"", "null",
            "true", "[1]", "{}",
        ])
    func badInteger(_ text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(throws: QuorumError.malformedManifest) { try value.unsigned(max: 65535) }
    }

    @Test("the whole range of 64 bits is read")
    func wide() throws {
        #expect(try JSONValue.string("18446744073709551615").unsigned(max: .max) == .max)
        #expect(try JSONValue.integer(JSONInteger(UInt64.max)).unsigned(max: .max) == .max)
        #expect(throws: QuorumError.malformedManifest) {
            try JSONValue.string("18446744073709551616").unsigned(max: .max)
        }
    }

    @Test("an integer knows its value in both types, and its digits")
    func integers() {
        #expect(JSONInteger(Int64.min).int64 == .min)
        #expect(JSONInteger(Int64.min).uint64 == nil)
        #expect(JSONInteger(Int64.min).decimal == "-9223372036854775808")
        #expect(JSONInteger(UInt64.max).int64 == nil)
        #expect(JSONInteger(UInt64.max).decimal == "18446744073709551615")
        #expect(JSONInteger(-5 as Int64).int64 == -5)
        #expect(JSONInteger(5 as Int64) == JSONInteger(5 as UInt64))
        #expect(JSONInteger(isNegative: true, magnitude: 0) == nil)
        #expect(JSONInteger(isNegative: true, magnitude: 1 << 63 + 1) == nil)
    }

    @Test("bytes are read from hexadecimal of the length that is asked for")
    func hex() throws {
        #expect(try JSONValue.string("0aFF").hexBytes() == [0x0A, 0xFF])
        #expect(try JSONValue.string("0x0aff").hexBytes(count: 2) == [0x0A, 0xFF])
        #expect(try JSONValue.string("").hexBytes() == [])
        #expect(try JSONValue.string("").hexBytes(count: 0) == [])
    }

    @Test(
        "what is not hexadecimal of that length is refused",
        arguments: [
            "", "0a", "0a0b0c", "0a0", "0a0g", "+a0b", "0a 0b", " 0a0b", "0a0b\n", "0x0x0a0b", "0x0a0b0c",
            "éé",
        ])
    func badHex(_ text: String) {
        #expect(throws: QuorumError.malformedHex) { try JSONValue.string(text).hexBytes(count: 2) }
    }

    @Test("a value of another kind is refused")
    func otherKind() {
        #expect(throws: QuorumError.malformedManifest) { try JSONValue.null.text() }
        #expect(throws: QuorumError.malformedManifest) { try JSONValue.null.hexBytes() }
        #expect(throws: QuorumError.malformedManifest) { try JSONValue.string("true").boolean() }
        #expect(throws: QuorumError.malformedManifest) { try object.elements() }
        #expect(throws: QuorumError.malformedManifest) { try JSONValue.array([]).members() }
        #expect(throws: QuorumError.malformedManifest) { try JSONValue.array([]).required("text") }
        #expect(throws: QuorumError.malformedManifest) { try JSONValue.null.optional("text") }
    }

    @Test("a value of the kind that is asked for is given")
    func kind() throws {
        #expect(try JSONValue.string("x").text() == "x")
        #expect(try JSONValue.bool(true).boolean())
        #expect(try JSONValue.array([.null]).elements() == [.null])
        #expect(try object.members().count == 2)
    }

    @Test("a required member is there, an optional one neither missing nor null")
    func members() throws {
        #expect(try object.required("text") == .string("x"))
        #expect(try object.required("none") == .null)
        #expect(throws: QuorumError.malformedManifest) { try object.required("other") }
        #expect(try object.optional("text") == .string("x"))
        #expect(try object.optional("none") == nil)
        #expect(try object.optional("other") == nil)
    }
}
